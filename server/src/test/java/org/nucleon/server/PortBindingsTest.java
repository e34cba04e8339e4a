package org.nucleon.server;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.nucleon.server.LiveServer.Reply;
import org.nucleon.server.watch.AgentService.Report;

/** Bindings of a port to several hosts, as Nova makes them to move a guest. */
@Tag(LiveServer.ML2)
final class PortBindingsTest {

  @TempDir static Path folder;
  static LiveServer server;
  static String network;
  private String port;
  private String bindings;

  @BeforeAll
  static void start() {
    server = LiveServer.start(folder, "ml2", "mechanism_drivers", "everywhere");
    network = server.network("n");
  }

  @AfterAll
  static void stop() {
    server.close();
  }

  @BeforeEach
  void port() {
    port = server.port(network, "device_owner", "compute:nova", "binding:host_id", "h1");
    bindings = "/ports/" + port + "/bindings";
  }

  private static Map<String, Object> binding(String host) {
    return Map.of("binding", Map.of("host", host));
  }

  private Object shown(String attribute) {
    return server.get("/ports/" + port).at("port", attribute);
  }

  @Test
  void thePortsOwnIsTheActiveOne() {
    assertThat(server.get(bindings).at("bindings"))
        .isEqualTo(
            List.of(
                Map.of(
                    "host", "h1",
                    "vnic_type", "normal",
                    "profile", Map.of(),
                    "vif_type", "ovs",
                    "vif_details", Map.of(),
                    "status", "ACTIVE")));
    assertThat(server.get(bindings + "/h1").at("binding", "status")).isEqualTo("ACTIVE");
    Reply other = server.get(bindings + "/h2");
    assertThat(other.status()).isEqualTo(404);
    assertThat(other.type()).isEqualTo("PortBindingNotFound");
    assertThat(server.post(bindings, binding("h1")).type()).isEqualTo("PortBindingAlreadyExists");
  }

  @Test
  void anotherIsInactiveUntilItIsActivated() {
    Reply made =
        server.post(
            bindings, Map.of("binding", Map.of("host", "h2", "profile", Map.of("key", "value"))));
    assertThat(made.status()).isEqualTo(201);
    assertThat(made.at("binding"))
        .isEqualTo(
            Map.of(
                "host", "h2",
                "vnic_type", "normal",
                "profile", Map.of("key", "value"),
                "vif_type", "ovs",
                "vif_details", Map.of(),
                "status", "INACTIVE"));
    assertThat(shown("binding:host_id")).isEqualTo("h1");
    Reply again = server.post(bindings, binding("h2"));
    assertThat(again.status()).isEqualTo(409);
    assertThat(again.type()).isEqualTo("PortBindingAlreadyExists");

    Reply activated = server.send("PUT", "/v2.0" + bindings + "/h2/activate", "");
    assertThat(activated.status()).isEqualTo(200);
    assertThat(activated.at("binding", "status")).isEqualTo("ACTIVE");
    assertThat(shown("binding:host_id")).isEqualTo("h2");
    assertThat(shown("binding:profile")).isEqualTo(Map.of("key", "value"));
    assertThat(shown("status")).isEqualTo("DOWN");
    Reply left = server.get(bindings + "/h1");
    assertThat(left.at("binding", "status")).isEqualTo("INACTIVE");
    assertThat(left.at("binding", "vif_type")).isEqualTo("unbound");
    Reply twice = server.put(bindings + "/h2/activate", Map.of());
    assertThat(twice.status()).isEqualTo(409);
    assertThat(twice.type()).isEqualTo("PortBindingAlreadyActive");
    assertThat(server.put(bindings + "/h3/activate", Map.of()).status()).isEqualTo(404);
    assertThat(server.delete(bindings + "/h1").status()).isEqualTo(204);
    assertThat((List<?>) server.get(bindings).at("bindings")).hasSize(1);
  }

  @Test
  void eachIsChangedAndListed() {
    var _ = server.post(bindings, binding("h2"));
    for (String host : List.of("h1", "h2")) {
      Reply changed =
          server.put(
              bindings + "/" + host, Map.of("binding", Map.of("profile", Map.of("on", host))));
      assertThat(changed.status()).isEqualTo(200);
      assertThat(changed.at("binding", "profile")).isEqualTo(Map.of("on", host));
    }
    assertThat(shown("binding:profile")).isEqualTo(Map.of("on", "h1"));
    assertThat(LiveServer.column(server.get(bindings + "?status=INACTIVE"), "bindings", "host"))
        .containsExactly("h2");
    assertThat(
            LiveServer.column(
                server.get(bindings + "?sort_key=host&sort_dir=desc"), "bindings", "host"))
        .containsExactly("h2", "h1");
    assertThat(server.put(bindings + "/h2", Map.of("binding", Map.of("host", "h3"))).status())
        .isEqualTo(400);
    assertThat(server.put(bindings + "/h2", Map.of("binding", Map.of("status", "ACTIVE"))).status())
        .isEqualTo(400);
  }

  @Test
  void withoutTheActiveOneAPortIsUnboundAndTheNextOneIsActive() {
    assertThat(server.delete(bindings + "/h1").status()).isEqualTo(204);
    assertThat(shown("binding:vif_type")).isEqualTo("unbound");
    assertThat((List<?>) server.get(bindings).at("bindings")).isEmpty();
    assertThat(server.post(bindings, binding("h3")).at("binding", "status")).isEqualTo("ACTIVE");
    assertThat(shown("binding:host_id")).isEqualTo("h3");
  }

  @Test
  void aPortThatIsBoundOtherwiseTakesThePlaceOfItsBinding() {
    var _ = server.post(bindings, binding("h2"));
    var _ = server.put("/ports/" + port, Map.of("port", Map.of("binding:host_id", "h2")));
    assertThat(LiveServer.column(server.get(bindings), "bindings", "status"))
        .containsExactly("ACTIVE");
    assertThat(server.delete("/ports/" + port).status()).isEqualTo(204);
    assertThat(server.get(bindings).type()).isEqualTo("PortNotFound");
  }

  @Test
  void onlyPortsOfComputeHaveSeveral() {
    String other = server.port(network);
    Reply refused = server.post("/ports/" + other + "/bindings", binding("h1"));
    assertThat(refused.status()).isEqualTo(400);
    assertThat(refused.type()).isEqualTo("BadRequest");
  }

  @Test
  void onlyAdministratorsHaveToDoWithThem() {
    String[] member = {"X-Project-Id", "p", "X-Roles", "member"};
    String own = server.create("/networks", "network", Map.of("name", "n"), member);
    String his =
        server.create(
            "/ports", "port", Map.of("network_id", own, "device_owner", "compute:nova"), member);
    String path = "/ports/" + his + "/bindings";
    assertThat(server.post(path, binding("h1"), member).status()).isEqualTo(403);
    assertThat(server.post(path, binding("h1")).status()).isEqualTo(201);
    assertThat((List<?>) server.get(path, member).at("bindings")).isEmpty();
    assertThat(server.get(path + "/h1", member).status()).isEqualTo(404);
    assertThat(server.put(path + "/h1/activate", Map.of(), member).status()).isEqualTo(404);
    assertThat(server.delete(path + "/h1", member).status()).isEqualTo(404);
  }

  @Test
  void whatNoDriverServesIsRefusedAndNothingChanges(@TempDir Path another) {
    try (LiveServer without = LiveServer.start(another)) {
      String net = without.network("n");
      String compute = without.port(net, "device_owner", "compute:nova");
      Reply refused = without.post("/ports/" + compute + "/bindings", binding("h1"));
      assertThat(refused.status()).isEqualTo(409);
      assertThat(refused.type()).isEqualTo("PortBindingError");
      assertThat(refused.message()).contains("no mechanism driver is on");
      assertThat(without.get("/ports/" + compute).at("port", "binding:host_id")).isEqualTo("");
    }
  }

  private static void reports(LiveServer to, String host, String port, String state) {
    assertThat(
            to.server()
                .agents()
                .report(
                    host,
                    List.of(
                        new Report(
                            "port", "switch", UUID.fromString(port), Map.of("state", state)))))
        .isEmpty();
  }

  /** As Nova moves a guest: it waits until the port is plugged where the guest is to go. */
  @Test
  void novaIsToldWhenAHostIsReadyForAPort(@TempDir Path another) throws Exception {
    try (FakeNova nova = new FakeNova();
        LiveServer told =
            LiveServer.start(another, nova.options("ml2", "mechanism_drivers", "everywhere"))) {
      String moving =
          told.port(
              told.network("n"),
              "device_id",
              NovaTest.INSTANCE,
              "device_owner",
              "compute:nova",
              "binding:host_id",
              "h1");
      String path = "/ports/" + moving;
      reports(told, "h1", moving, "up");
      assertThat(nova.next().said()).containsExactly("network-vif-plugged completed " + moving);
      assertThat(told.post(path + "/bindings", binding("h2")).status()).isEqualTo(201);
      assertThat(told.post(path + "/bindings", binding("h3")).status()).isEqualTo(201);
      Object revision = told.get(path).at("port", "revision_number");

      reports(told, "h3", moving, "up");
      assertThat(nova.next().said()).containsExactly("network-vif-plugged completed " + moving);
      reports(told, "h3", moving, "up");
      reports(told, "h2", moving, "up");
      assertThat(nova.next().said())
          .as("each host once")
          .containsExactly("network-vif-plugged completed " + moving);
      assertThat(told.get(path).at("port", "status")).isEqualTo("ACTIVE");
      assertThat(told.get(path).at("port", "revision_number")).isEqualTo(revision);

      var _ =
          told.put(path, Map.of("port", Map.of("binding:profile", Map.of("migrating_to", "h2"))));
      assertThat(nova.next().said())
          .as("where it is it works on")
          .containsExactly("network-changed " + moving);
      assertThat(told.get(path).at("port", "status")).isEqualTo("ACTIVE");

      assertThat(told.put(path + "/bindings/h2/activate", Map.of()).status()).isEqualTo(200);
      reports(told, "h2", moving, "up");
      List<String> moved = new ArrayList<>();
      while (moved.size() < 2) {
        moved.addAll(nova.next().said());
      }
      assertThat(moved)
          .containsExactly(
              "network-vif-unplugged completed " + moving,
              "network-vif-plugged completed " + moving);
    }
  }

  @Test
  void onlyHostsWithABindingSaySomethingOfAPort() {
    UUID id = UUID.fromString(port);
    assertThat(
            server
                .server()
                .agents()
                .report("h2", List.of(new Report("port", "switch", id, Map.of("state", "up")))))
        .containsExactly(id);
    var _ = server.post(bindings, binding("h2"));
    reports(server, "h2", port, "up");
    assertThat(shown("status")).as("not for its own host").isEqualTo("DOWN");
    assertThat(server.delete(bindings + "/h2").status()).isEqualTo(204);
    assertThat(
            server
                .server()
                .agents()
                .report("h2", List.of(new Report("port", "switch", id, Map.of("state", "down")))))
        .containsExactly(id);
  }
}
