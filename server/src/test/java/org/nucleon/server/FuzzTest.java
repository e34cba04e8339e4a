package org.nucleon.server;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.UUID;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.nucleon.core.json.Json;
import org.nucleon.core.schema.Attribute;
import org.nucleon.core.schema.Layout;
import org.nucleon.core.schema.ResourceType;
import org.nucleon.core.schema.ResourceType.Visibility;
import org.nucleon.server.LiveServer.Reply;

/**
 * Requests made at random from the declarations: paths, queries, wrappers and bodies that are
 * nearly right, wrong or hostile. None is a fault of ours, and what is refused changes nothing.
 */
final class FuzzTest {

  private static final List<String> ROLES = List.of("admin", "member", "reader", "");
  private static final List<String> BROKEN =
      List.of(
          "{",
          "[]",
          "null",
          "\"x\"",
          "{\"network\": {\"name\": \"\\ud800\"}}",
          "{\"network\": {\"mtu\": 1e999999}}",
          "{\"network\": {\"mtu\": NaN}}",
          "{\"network\": {\"name\": \"a\", \"name\": \"b\"}}",
          "{\"network\": ".repeat(2_000),
          "[".repeat(100_000),
          "{\"port\": {\"network_id\": " + "9".repeat(10_000) + "}}",
          "\u0000",
          "{\"networks\": []}",
          "{\"networks\": [null, 7, \"x\"]}");

  @TempDir Path folder;
  private LiveServer server;
  private Random random;
  private final List<Layout> layouts = new ArrayList<>();
  private final Map<String, String> wholes = new LinkedHashMap<>();
  private final List<String> ids = new ArrayList<>();

  @Test
  void someRequests() {
    run(4_000, System.nanoTime());
  }

  @Test
  @Tag("soak")
  void aHundredThousandRequests() {
    run(100_000, System.nanoTime());
  }

  private void run(int requests, long seed) {
    random = new Random(seed);
    try (LiveServer started = LiveServer.start(folder)) {
      server = started;
      for (Layout layout : server.server().engine().catalog().layouts()) {
        if (layout.type().visibility() != Visibility.INTERNAL) {
          layouts.add(layout);
        }
      }
      String network = server.network("n");
      String policy = server.create("/qos/policies", "policy", Map.of("name", "q", "shared", true));
      String port = server.port(network);
      wholes.put("policy", policy);
      wholes.put("port", port);
      ids.addAll(List.of(network, server.subnet(network, "10.0.0.0/24"), port, policy));
      for (int i = 0; i < requests; i++) {
        one("seed " + seed + ", request " + i);
      }
    }
  }

  private void one(String which) {
    Layout layout = pick(layouts);
    String method = pick(List.of("GET", "GET", "POST", "POST", "PUT", "PUT", "DELETE"));
    String path = path(layout, method) + query(layout);
    String body = method.equals("POST") || method.equals("PUT") ? body(layout) : "";
    long before = server.server().engine().picture().number();
    Reply reply =
        server.send(
            method, path, body, "X-Project-Id", pick(List.of("p", "q")), "X-Roles", pick(ROLES));
    String shown = body.length() > 300 ? body.substring(0, 300) : body;
    assertThat(reply.status()).as("%s: %s %s %s", which, method, path, shown).isLessThan(500);
    if (reply.status() >= 400) {
      assertThat(server.server().engine().picture().number())
          .as("%s: changed by a refused %s %s %s", which, method, path, shown)
          .isEqualTo(before);
    } else if (reply.status() == 201 && reply.json() instanceof Map<?, ?> made) {
      made.values().stream()
          .filter(Map.class::isInstance)
          .map(resource -> ((Map<?, ?>) resource).get("id"))
          .filter(String.class::isInstance)
          .forEach(id -> ids.add((String) id));
    }
  }

  private <T> T pick(List<T> from) {
    return from.get(random.nextInt(from.size()));
  }

  private String path(Layout layout, String method) {
    String path = "/v2.0" + collection(layout.type());
    boolean collection = method.equals("POST") || method.equals("GET") && random.nextBoolean();
    if (random.nextInt(20) == 0) {
      return "/v2.0/" + encoded(String.valueOf(pick(DeclaredAttributesTest.HOSTILE)));
    }
    if (collection && random.nextInt(20) > 0) {
      return path;
    }
    String id =
        switch (random.nextInt(6)) {
          case 0 -> UUID.randomUUID().toString();
          case 1 -> encoded(String.valueOf(pick(DeclaredAttributesTest.HOSTILE)));
          default -> pick(ids);
        };
    String below =
        switch (random.nextInt(12)) {
          case 0 -> "/tags";
          case 1 -> "/tags/" + encoded(String.valueOf(pick(DeclaredAttributesTest.HOSTILE)));
          case 2 -> "/add_router_interface";
          case 3 -> "/" + pick(layouts).type().path();
          case 4 -> "/" + pick(layouts).type().path() + "/" + pick(ids);
          default -> "";
        };
    return path + "/" + id + below;
  }

  /** Parts are below something that is there, and now and then of the right type. */
  private String collection(ResourceType type) {
    if (type.below() == null) {
      return "/" + type.path();
    }
    return random.nextInt(8) == 0
        ? "/" + type.aliasPath()
        : collection(type.above())
            + "/"
            + (random.nextInt(4) == 0 ? pick(ids) : wholes.get(type.above().name()))
            + "/"
            + type.path();
  }

  private String query(Layout layout) {
    StringBuilder query = new StringBuilder();
    for (int i = random.nextInt(4); i > 0; i--) {
      String key =
          random.nextBoolean()
              ? attribute(layout).name()
              : pick(
                  List.of(
                      "limit", "marker", "sort_key", "sort_dir", "fields", "page_reverse", "x"));
      Object value = random.nextBoolean() ? pick(ids) : pick(DeclaredAttributesTest.HOSTILE);
      query.append(query.isEmpty() ? '?' : '&').append(encoded(key));
      query.append('=').append(encoded(String.valueOf(value)));
    }
    return query.toString();
  }

  /** Shortened: what is too long for a request line is tried elsewhere. */
  private static String encoded(String text) {
    String some = text.length() > 200 ? text.substring(0, 200) : text;
    return URLEncoder.encode(some, StandardCharsets.UTF_8);
  }

  private Attribute<?> attribute(Layout layout) {
    List<Attribute<?>> all = new ArrayList<>();
    layout.attributes().forEach(all::add);
    return pick(all);
  }

  private String body(Layout layout) {
    if (random.nextInt(10) == 0) {
      return pick(BROKEN);
    }
    Map<String, Object> body = new LinkedHashMap<>();
    String wrapper = random.nextInt(15) == 0 ? pick(layouts).type().name() : layout.type().name();
    if (random.nextInt(12) == 0) {
      body.put(layout.type().plural(), List.of(values(layout), values(layout)));
    } else {
      body.put(wrapper, values(layout));
    }
    return Json.text(body);
  }

  private Map<String, Object> values(Layout layout) {
    Map<String, Object> values = new LinkedHashMap<>();
    for (Attribute<?> attribute : layout.attributes()) {
      if (attribute.isRequired() && random.nextInt(10) > 0) {
        values.put(attribute.name(), likely(attribute));
      }
    }
    for (int i = random.nextInt(5); i > 0; i--) {
      Attribute<?> attribute = attribute(layout);
      values.put(
          attribute.name(),
          random.nextInt(3) > 0 ? likely(attribute) : pick(DeclaredAttributesTest.HOSTILE));
    }
    return values;
  }

  /** A value that may well be right. */
  private Object likely(Attribute<?> attribute) {
    if (attribute.type().isReference()) {
      return pick(ids);
    }
    return switch (random.nextInt(8)) {
      case 0 -> random.nextBoolean();
      case 1 -> random.nextInt(70_000) - 100;
      case 2 -> "10." + random.nextInt(256) + ".0." + random.nextInt(256);
      case 3 -> "10." + random.nextInt(256) + ".0.0/" + random.nextInt(33);
      case 4 -> pick(List.of("ingress", "egress", "tcp", "IPv4", "IPv6", "vxlan", "vlan", "flat"));
      case 5 -> List.of(pick(ids));
      case 6 ->
          List.of(Map.of("subnet_id", pick(ids), "ip_address", "10.0.0." + random.nextInt(256)));
      default -> attribute.name().equals("ip_version") ? 4 : "text " + random.nextInt();
    };
  }
}
