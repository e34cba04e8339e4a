package org.nucleon.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.nucleon.core.feature.Feature;
import org.nucleon.core.feature.ServerFeature;
import org.nucleon.core.json.Json;
import org.nucleon.server.Features;
import org.nucleon.server.NucleonServer;
import org.nucleon.server.config.IniConfiguration;
import org.nucleon.server.plugin.Plugins;
import org.nucleon.store.SqliteStore;

/** Taking a feature out leaves a system that works without it. */
final class FeatureSubsetsTest {

  @TempDir Path folder;
  private final HttpClient client = HttpClient.newHttpClient();
  private String api;

  private static Features only(Set<String> names) {
    Plugins classPath = Plugins.none();
    return Features.of(
        classPath.providers(Feature.class).stream().filter(f -> names.contains(f.name())).toList(),
        classPath.providers(ServerFeature.class).stream()
            .filter(f -> names.contains(f.name()))
            .toList());
  }

  private int status(String method, String path, Object body) throws Exception {
    return send(method, path, body).statusCode();
  }

  private HttpResponse<byte[]> send(String method, String path, Object body) throws Exception {
    return client.send(
        HttpRequest.newBuilder(URI.create(api + path))
            .header("Content-Type", "application/json")
            .method(
                method,
                body == null
                    ? BodyPublishers.noBody()
                    : BodyPublishers.ofByteArray(Json.bytes(body)))
            .build(),
        BodyHandlers.ofByteArray());
  }

  private String create(String path, String type, Map<String, ?> values) throws Exception {
    HttpResponse<byte[]> answer = send("POST", path, Map.of(type, values));
    assertThat(answer.statusCode())
        .as("%s", new String(answer.body(), java.nio.charset.StandardCharsets.UTF_8))
        .isEqualTo(201);
    return (String) ((Map<?, ?>) ((Map<?, ?>) Json.parse(answer.body())).get(type)).get("id");
  }

  /** Each of these with what it needs, and nothing else. */
  @ParameterizedTest
  @ValueSource(
      strings = {
        "network",
        "network ml2",
        "network securitygroup",
        "network router",
        "network ml2 openvswitch securitygroup",
        "network ml2 openvswitch securitygroup dhcp",
        "network securitygroup router dhcp",
        "network ml2 router dhcp",
        "network metering",
        "network qos",
        "network nova",
        "network router nova",
      })
  void worksWithoutTheOthers(String names) throws Exception {
    Set<String> on = Set.of(names.split(" "));
    Features features = only(on);
    IniConfiguration configuration = new IniConfiguration().with("ml2", "mechanism_drivers", "");
    try (NucleonServer server =
        new NucleonServer(
            features, Plugins.none(), configuration, SqliteStore.open(folder), true)) {
      InetAddress loopback = InetAddress.ofLiteral("127.0.0.1");
      api = "http://127.0.0.1:" + server.serveApi(new InetSocketAddress(loopback, 0)) + "/v2.0";
      String network = create("/networks", "network", Map.of("name", "n"));
      String subnet =
          create(
              "/subnets",
              "subnet",
              Map.of("network_id", network, "ip_version", 4, "cidr", "10.0.0.0/24"));
      String port = create("/ports", "port", Map.of("network_id", network));
      assertThat(status("GET", "/security-groups", null))
          .isEqualTo(on.contains("securitygroup") ? 200 : 404);
      assertThat(status("GET", "/routers", null)).isEqualTo(on.contains("router") ? 200 : 404);
      assertThat(status("GET", "/metering/metering-labels", null))
          .isEqualTo(on.contains("metering") ? 200 : 404);
      assertThat(status("GET", "/qos/policies", null)).isEqualTo(on.contains("qos") ? 200 : 404);
      if (on.contains("router")) {
        String router = create("/routers", "router", Map.of("name", "r"));
        String interfaces = "/routers/" + router;
        Object of = Map.of("subnet_id", subnet);
        assertThat(status("PUT", interfaces + "/add_router_interface", of)).isEqualTo(200);
        assertThat(status("PUT", interfaces + "/remove_router_interface", of)).isEqualTo(200);
        assertThat(status("DELETE", interfaces, null)).isEqualTo(204);
      }
      assertThat(status("DELETE", "/ports/" + port, null)).isEqualTo(204);
      assertThat(status("DELETE", "/networks/" + network, null)).isEqualTo(204);
    }
  }

  @Test
  void saysWhatIsMissing() {
    assertThatThrownBy(() -> only(new TreeSet<>(List.of("router"))))
        .hasMessage("the feature router needs network, which is not there");
  }
}
