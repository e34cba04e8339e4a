package org.nucleon.nova.server;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.nucleon.core.resource.Resource;
import org.nucleon.core.resource.Resource.Head;
import org.nucleon.core.schema.Catalog;
import org.nucleon.core.schema.InvalidValue;
import org.nucleon.core.schema.ResourceType;
import org.nucleon.core.state.Change;
import org.nucleon.core.state.ChangeSet;
import org.nucleon.core.state.Picture;
import org.nucleon.network.api.NetworkFeature;
import org.nucleon.network.api.Ports;
import org.nucleon.router.api.FloatingIps;
import org.nucleon.router.api.RouterFeature;

/** Which changes Nova is told of, and how. */
final class PortEventsTest {

  private static final UUID PORT = new UUID(1, 1);
  private static final UUID OTHER = new UUID(1, 2);
  private static final UUID FLOATING_IP = new UUID(2, 1);
  private static final String SERVER = "c0ffee00-0000-4000-8000-000000000001";
  private static final String OTHER_SERVER = "c0ffee00-0000-4000-8000-000000000002";

  private static final Catalog CATALOG = catalog();

  private static Catalog catalog() {
    Catalog.Builder builder = Catalog.builder();
    new NetworkFeature().declare(builder);
    new RouterFeature().declare(builder);
    return builder.build();
  }

  private static Resource resource(ResourceType type, UUID id, Map<String, Object> document) {
    Instant now = Instant.ofEpochSecond(1_700_000_000);
    try {
      return Resource.ofDocument(
          CATALOG.layout(type), new Head(id, "p", 1, now, now, 1), new HashMap<>(document));
    } catch (InvalidValue e) {
      throw new IllegalArgumentException(e);
    }
  }

  private static Resource port(String status) {
    return port(PORT, SERVER, "compute:nova", status);
  }

  private static Resource port(UUID id, String device, String owner, String status) {
    return resource(
        Ports.PORT, id, Map.of("device_id", device, "device_owner", owner, "status", status));
  }

  private static Resource floatingIp(UUID port) {
    return resource(
        FloatingIps.FLOATING_IP,
        FLOATING_IP,
        port == null ? Map.of() : Map.of("port_id", port.toString()));
  }

  private static List<String> events(PortEvents wanted, Set<UUID> requested, Change... changes) {
    Picture now =
        Picture.empty(CATALOG, 0)
            .apply(
                ChangeSet.of(
                    1,
                    List.of(
                        new Change(Ports.PORT, PORT, null, port("ACTIVE")),
                        new Change(
                            Ports.PORT,
                            OTHER,
                            null,
                            port(OTHER, OTHER_SERVER, "compute:az", "ACTIVE")))));
    ChangeSet set =
        new ChangeSet(
            2, List.of(changes), Map.of(), Set.of(), Set.of(), Set.of(), Set.copyOf(requested));
    return wanted.of(set, now).stream().map(PortEventsTest::text).toList();
  }

  private static String text(ServerEvent event) {
    assertThat(event.body().get("tag")).isIn(PORT.toString(), OTHER.toString());
    return String.join(
        " ",
        event.body().get("name"),
        event.body().getOrDefault("status", "-"),
        event.body().get("server_uuid").equals(SERVER) ? "server" : "other");
  }

  private static final PortEvents ALL = new PortEvents(true, true);

  private static Change change(Resource before, Resource after) {
    return new Change(Ports.PORT, PORT, before, after);
  }

  private static Resource prepared(String... hosts) {
    return resource(
        Ports.PORT,
        PORT,
        Map.of(
            "device_id",
            SERVER,
            "device_owner",
            "compute:nova",
            "status",
            "ACTIVE",
            "binding:prepared",
            List.of(hosts)));
  }

  /** Nova waits for the host that it moves a guest to, while the port works where it is. */
  @Test
  void ofHostsThatArePrepared() {
    String plugged = "network-vif-plugged completed server";
    assertThat(events(ALL, Set.of(), change(prepared(), prepared("h2")))).containsExactly(plugged);
    assertThat(events(ALL, Set.of(), change(prepared("h2"), prepared("h2", "h3"))))
        .containsExactly(plugged);
    assertThat(events(ALL, Set.of(), change(prepared("h2"), prepared("h2")))).isEmpty();
    assertThat(events(ALL, Set.of(), change(prepared("h2"), prepared()))).isEmpty();
    assertThat(events(new PortEvents(false, true), Set.of(), change(prepared(), prepared("h2"))))
        .isEmpty();
  }

  @ParameterizedTest
  @CsvSource({
    "DOWN,   ACTIVE, network-vif-plugged completed server",
    "BUILD,  ACTIVE, network-vif-plugged completed server",
    "ERROR,  ACTIVE,",
    "ACTIVE, ACTIVE,",
    "DOWN,   ERROR,  network-vif-plugged failed server",
    "BUILD,  ERROR,  network-vif-plugged failed server",
    "ACTIVE, ERROR,",
    "ACTIVE, DOWN,   network-vif-unplugged completed server",
    "BUILD,  DOWN,",
    "ERROR,  DOWN,",
    "ACTIVE, BUILD,",
    "DOWN,   BUILD,",
  })
  void ofStatus(String before, String after, String event) {
    Change change = change(port(before), port(after));
    List<String> expected = event == null ? List.of() : List.of(event);
    assertThat(events(ALL, Set.of(), change)).isEqualTo(expected);
    assertThat(events(new PortEvents(true, false), Set.of(PORT), change)).isEqualTo(expected);
    assertThat(events(new PortEvents(false, true), Set.of(), change)).isEmpty();
  }

  @Test
  void ofNewPorts() {
    assertThat(events(ALL, Set.of(PORT), change(null, port("DOWN")))).isEmpty();
    assertThat(events(ALL, Set.of(PORT), change(null, port("ACTIVE"))))
        .containsExactly("network-vif-plugged completed server");
    assertThat(events(ALL, Set.of(PORT), change(null, port("ERROR"))))
        .containsExactly("network-vif-plugged failed server");
  }

  @Test
  void ofWhatClientsChange() {
    Change change = change(port("DOWN"), port("DOWN"));
    assertThat(events(ALL, Set.of(PORT), change)).containsExactly("network-changed - server");
    assertThat(events(ALL, Set.of(OTHER), change)).as("what followed").isEmpty();
    assertThat(events(new PortEvents(true, false), Set.of(PORT), change)).isEmpty();
    assertThat(events(ALL, Set.of(PORT), change(port("ACTIVE"), port("DOWN"))))
        .containsExactly("network-vif-unplugged completed server", "network-changed - server");
  }

  @Test
  void ofPortsRemoved() {
    Change change = change(port("ACTIVE"), null);
    assertThat(events(ALL, Set.of(PORT), change)).containsExactly("network-vif-deleted - server");
    assertThat(events(new PortEvents(true, false), Set.of(PORT), change)).isEmpty();
  }

  @ParameterizedTest
  @CsvSource({
    "'', compute:nova",
    "c0ffee, compute:nova",
    "dhcp471fe0ff-3a80-5a31-a6c0-4db8a9b3a7a1-x, compute:nova",
    "c0ffee00-0000-4000-8000-000000000001, network:dhcp",
    "c0ffee00-0000-4000-8000-000000000001, ''",
    "c0ffee00-0000-4000-8000-000000000001, baremetal:none",
  })
  void portsThatAreNotNovasAreNotTold(String device, String owner) {
    Resource before = port(PORT, device, owner, "DOWN");
    Resource after = port(PORT, device, owner, "ACTIVE");
    assertThat(events(ALL, Set.of(PORT), change(before, after))).isEmpty();
    assertThat(events(ALL, Set.of(PORT), change(before, null))).isEmpty();
  }

  @Test
  void aPortIsToldToTheServerThatHasItNow() {
    Resource free = port(PORT, "", "", "DOWN");
    Resource other = port(PORT, OTHER_SERVER, "compute:nova", "DOWN");
    assertThat(events(ALL, Set.of(PORT), change(free, port("DOWN"))))
        .containsExactly("network-changed - server");
    assertThat(events(ALL, Set.of(PORT), change(port("ACTIVE"), other)))
        .containsExactly("network-vif-unplugged completed other", "network-changed - other");
    assertThat(events(ALL, Set.of(PORT), change(port("ACTIVE"), free))).isEmpty();
  }

  private static List<String> ofFloatingIp(boolean requested, UUID[] before, UUID[] after) {
    return events(
        ALL,
        requested ? Set.of(FLOATING_IP) : Set.of(),
        new Change(
            FloatingIps.FLOATING_IP,
            FLOATING_IP,
            before == null ? null : floatingIp(before[0]),
            after == null ? null : floatingIp(after[0])));
  }

  @Test
  void ofFloatingIps() {
    UUID[] none = {null};
    UUID[] port = {PORT};
    UUID[] other = {OTHER};
    UUID[] gone = {new UUID(1, 3)};
    String first = "network-changed - server";
    String second = "network-changed - other";
    assertThat(ofFloatingIp(true, null, none)).isEmpty();
    assertThat(ofFloatingIp(true, null, port)).containsExactly(first);
    assertThat(ofFloatingIp(true, none, port)).containsExactly(first);
    assertThat(ofFloatingIp(true, port, other)).containsExactly(first, second);
    assertThat(ofFloatingIp(true, port, none)).containsExactly(first);
    assertThat(ofFloatingIp(true, port, port)).containsExactly(first);
    assertThat(ofFloatingIp(true, other, null)).containsExactly(second);
    assertThat(ofFloatingIp(false, port, port)).as("its status").isEmpty();
    assertThat(ofFloatingIp(false, port, none)).as("taken away").containsExactly(first);
    assertThat(ofFloatingIp(true, gone, port)).as("a port that is gone").containsExactly(first);
  }
}
