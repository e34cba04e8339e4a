package org.nucleon.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.nucleon.server.LiveServer.column;

import java.net.URI;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.nucleon.server.LiveServer.Reply;

/** Lists: filters, fields, order and pages. */
final class ApiListTest {

  @TempDir static Path folder;
  static LiveServer server;
  static final List<String> ids = new ArrayList<>();

  @BeforeAll
  static void start() {
    server = LiveServer.start(folder);
    ids.clear(); // the class runs once more in this process, on another backend
    for (int i = 0; i < 7; i++) {
      ids.add(
          server.create(
              "/networks", "network", Map.of("name", "n" + i, "admin_state_up", i % 2 == 0)));
    }
    Collections.sort(ids);
  }

  @AfterAll
  static void stop() {
    server.close();
  }

  private static List<Object> names(String query) {
    return column(server.get("/networks" + query), "networks", "name");
  }

  @Test
  void filtersByAnyOfRepeatedValuesAndAllOfDifferentAttributes() {
    assertThat(names("?name=n1")).containsExactly("n1");
    assertThat(names("?name=n1&name=n2&name=nobody")).containsExactlyInAnyOrder("n1", "n2");
    assertThat(names("?name=n1&name=n2&admin_state_up=True")).containsExactly("n2");
    assertThat(names("?admin_state_up=false")).containsExactlyInAnyOrder("n1", "n3", "n5");
    assertThat(names("?id=" + ids.get(0) + "&id=" + ids.get(1))).hasSize(2);
    assertThat(names("?id=no-id")).isEmpty();
    assertThat(names("?name=")).isEmpty();
    assertThat(names("?description=")).hasSize(7);
  }

  @Test
  void showsOnlyTheFieldsAskedFor() {
    Reply list = server.get("/networks?fields=id&fields=name&name=n1");
    assertThat(((Map<?, ?>) list.at("networks", 0)).keySet().stream().map(String::valueOf))
        .containsExactlyInAnyOrder("id", "name");
    Reply one = server.get("/networks/" + ids.getFirst() + "?fields=id");
    assertThat(one.at("network")).isEqualTo(Map.of("id", ids.getFirst()));
  }

  @Test
  void sortsByKeysInBothDirections() {
    assertThat(names("?sort_key=name&sort_dir=desc"))
        .containsExactly("n6", "n5", "n4", "n3", "n2", "n1", "n0");
    assertThat(names("?sort_key=admin_state_up&sort_key=name&sort_dir=asc&sort_dir=desc"))
        .containsExactly("n5", "n3", "n1", "n6", "n4", "n2", "n0");
    assertThat(column(server.get("/networks"), "networks", "id")).isEqualTo(ids);
  }

  @Test
  void followsLinksForwardAndBackThroughEveryPage() {
    for (String order : List.of("", "&sort_key=name&sort_dir=desc", "&sort_key=mtu")) {
      List<Object> expected = names(order.isEmpty() ? "" : "?" + order.substring(1));
      List<Object> forward = new ArrayList<>();
      Reply page = server.get("/networks?limit=3" + order);
      Reply last = page;
      while (!column(page, "networks", "name").isEmpty()) {
        forward.addAll(column(page, "networks", "name"));
        last = page;
        page = follow(page, "next");
      }
      assertThat(forward).isEqualTo(expected);
      List<Object> back = new ArrayList<>(column(last, "networks", "name"));
      page = follow(last, "previous");
      while (!column(page, "networks", "name").isEmpty()) {
        back.addAll(0, column(page, "networks", "name"));
        page = follow(page, "previous");
      }
      assertThat(back).isEqualTo(expected);
    }
  }

  private static Reply follow(Reply page, String rel) {
    for (Object link : (List<?>) page.at("networks_links")) {
      if (((Map<?, ?>) link).get("rel").equals(rel)) {
        String href = (String) ((Map<?, ?>) link).get("href");
        assertThat(href).startsWith(server.base());
        URI uri = URI.create(href);
        return server.send("GET", uri.getPath() + "?" + uri.getRawQuery(), "");
      }
    }
    return new Reply(200, Map.of("networks", List.of()), Map.of());
  }

  @Test
  void noLimitAndZeroMeanEverything() {
    assertThat(names("?limit=0")).hasSize(7);
    assertThat(names("?limit=99999999999999999999")).hasSize(7);
    assertThat(names("?limit=7")).hasSize(7);
  }

  @Test
  void filtersPortsByAddressSubnetAndDevice() {
    String network = server.network("addresses");
    String subnet = server.subnet(network, "10.5.0.0/24");
    Object fixed = List.of(Map.of("ip_address", "10.5.0.7"));
    String port = server.port(network, "fixed_ips", fixed, "device_id", "vm-1");
    server.port(network);
    for (String query :
        List.of(
            "fixed_ips=ip_address%3D10.5.0.7",
            "fixed_ips=ip_address%3D10.5.0.7&fixed_ips=subnet_id%3D" + subnet,
            "device_id=vm-1",
            "device_id=vm-1&network_id=" + network)) {
      assertThat(column(server.get("/ports?" + query), "ports", "id"))
          .as(query)
          .containsExactly(port);
    }
    assertThat(column(server.get("/ports?network_id=" + network), "ports", "id")).hasSize(2);
    server.delete("/ports/" + port);
    assertThat(column(server.get("/ports?device_id=vm-1"), "ports", "id")).isEmpty();
    for (Object id : column(server.get("/ports?network_id=" + network), "ports", "id")) {
      server.delete("/ports/" + id);
    }
    server.delete("/networks/" + network);
  }
}
