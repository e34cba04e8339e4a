package org.nucleon.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.nucleon.server.LiveServer.column;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.nucleon.server.LiveServer.Reply;

/** What carries networks: one segment or several, their numbers, and the largest packet. */
@Tag(LiveServer.ML2)
final class ProviderTest {

  private static final String[] MEMBER = {"X-Project-Id", "p1", "X-Roles", "member"};
  private static final Map<String, Object> NOTHING = Map.of();

  @TempDir static Path folder;
  static LiveServer server;

  @BeforeAll
  static void start() {
    server =
        LiveServer.start(
            folder,
            "ml2",
            "mechanism_drivers",
            "everywhere",
            "ml2_type_vlan",
            "network_vlan_ranges",
            "physnet1:100:199,physnet2",
            "ml2_type_flat",
            "flat_networks",
            "*",
            "ml2",
            "physical_network_mtus",
            "physnet2:9000,small:1400",
            "DEFAULT",
            "global_physnet_mtu",
            "2000",
            "ml2",
            "path_mtu",
            "1800");
  }

  @AfterAll
  static void stop() {
    server.close();
  }

  private static void refused(Reply reply, int status, String type, String... words) {
    assertThat(reply.status() + " " + reply.type()).as("%s", reply).isEqualTo(status + " " + type);
    for (String word : words) {
      assertThat(reply.message()).contains(word);
    }
  }

  private static Map<String, Object> segment(String type, Object physical, Object id) {
    Map<String, Object> segment = new HashMap<>();
    segment.put("provider:network_type", type);
    segment.put("provider:physical_network", physical);
    segment.put("provider:segmentation_id", id);
    return segment;
  }

  private static Reply make(Object segments, Map<String, Object> more) {
    Map<String, Object> values = new HashMap<>(more);
    values.put("segments", segments);
    return server.post("/networks", Map.of("network", values));
  }

  private static Object shown(Reply reply, String name) {
    return ((Map<?, ?>) reply.at("network")).get(name);
  }

  @Test
  void severalSegmentsAreShownInsteadOfOne() {
    Reply made =
        make(
            List.of(
                segment("vlan", "physnet1", 150),
                segment("flat", "small", null),
                Map.of("provider:network_type", "vxlan")),
            NOTHING);
    assertThat(made.status()).as("%s", made).isEqualTo(201);
    List<?> segments = (List<?>) shown(made, "segments");
    assertThat(segments.subList(0, 2))
        .isEqualTo(List.of(segment("vlan", "physnet1", 150), segment("flat", "small", null)));
    assertThat(((Map<?, ?>) segments.get(2)).get("provider:segmentation_id"))
        .isInstanceOf(Integer.class);
    assertThat(((Map<?, ?>) made.at("network")).keySet().stream().map(String::valueOf))
        .doesNotContain("provider:network_type", "provider:segmentation_id");
    assertThat(shown(made, "mtu")).as("the least of all").isEqualTo(1400);
    String id = (String) shown(made, "id");
    String port = server.port(id, "binding:host_id", "h1");
    assertThat(server.get("/ports/" + port).at("port", "binding:vif_type")).isEqualTo("ovs");
    refused(
        make(List.of(segment("vlan", "physnet1", 150), segment("local", null, null)), NOTHING),
        409,
        "VlanIdInUse",
        "150");
    refused(
        server.put("/networks/" + id, Map.of("network", Map.of("provider:segmentation_id", 151))),
        400,
        "InvalidInput",
        "one segment");
    server.delete("/ports/" + port);
    assertThat(server.delete("/networks/" + id).status()).isEqualTo(204);
    assertThat(
            make(List.of(segment("vlan", "physnet1", 150), segment("local", null, null)), NOTHING)
                .status())
        .as("its segments are free again")
        .isEqualTo(201);
  }

  @Test
  void isFoundByAnyOfItsSegments() {
    Object id =
        shown(
            make(List.of(segment("vlan", "physnet1", 180), segment("local", null, null)), NOTHING),
            "id");
    Object other = shown(make(List.of(segment("vlan", "physnet1", 181)), NOTHING), "id");
    for (String filter :
        List.of(
            "segmentation_id=180",
            "network_type=local",
            "network_type=vlan",
            "physical_network=physnet1")) {
      assertThat(found("provider:" + filter)).as(filter).contains(id);
    }
    assertThat(found("provider:segmentation_id=180")).doesNotContain(other);
    assertThat(found("provider:network_type=local")).doesNotContain(other);
    assertThat(found("provider:network_type=vlan")).contains(other);
    assertThat(found("provider:network_type=flat")).doesNotContain(id, other);
  }

  private static List<Object> found(String filter) {
    return LiveServer.column(server.get("/networks?" + filter), "networks", "id");
  }

  @Test
  void oneSegmentInAListIsOne() {
    Reply made = make(List.of(segment("vlan", "physnet1", 151)), NOTHING);
    assertThat(shown(made, "provider:segmentation_id")).isEqualTo(151);
    assertThat(((Map<?, ?>) made.at("network")).containsKey("segments")).isFalse();
    Reply none = make(List.of(), NOTHING);
    assertThat(shown(none, "provider:network_type")).isEqualTo("vxlan");
  }

  @Test
  void refusesSegmentsThatContradict() {
    Map<String, Object> vlan = segment("vlan", "physnet1", 152);
    refused(
        make(List.of(vlan, segment("local", null, null)), Map.of("provider:network_type", "flat")),
        400,
        "SegmentsSetInConjunctionWithProviders");
    refused(make(List.of(vlan, vlan), NOTHING), 400, "SegmentsContainDuplicateEntry");
    refused(make(List.of(vlan, segment("ipx", null, null)), NOTHING), 400, "InvalidInput", "ipx");
    refused(
        make(List.of(vlan, segment(null, null, null)), NOTHING),
        400,
        "InvalidInput",
        "provider:network_type");
    refused(
        make(List.of(vlan, Map.of("colour", "red")), NOTHING),
        400,
        "HTTPBadRequest",
        "segments",
        "colour");
    refused(make("x", NOTHING), 400, "HTTPBadRequest", "segments");
    refused(
        server.post("/networks", Map.of("network", Map.of("segments", List.of(vlan))), MEMBER),
        403,
        "PolicyNotAuthorized",
        "segments");
    assertThat(make(List.of(vlan), NOTHING).status())
        .as("nothing of what was refused is taken")
        .isEqualTo(201);
  }

  private static String vlan(int id) {
    return server.create("/networks", "network", segment("vlan", "physnet1", id));
  }

  private static Reply change(String network, String name, Object value) {
    return server.put("/networks/" + network, Map.of("network", Map.of(name, value)));
  }

  @Test
  void aVlanGetsAnotherNumberWhileNothingDependsOnIt() {
    String network = vlan(160);
    String taken = vlan(161);
    refused(change(network, "provider:segmentation_id", 161), 409, "VlanIdInUse", "161");
    refused(change(network, "provider:segmentation_id", 5000), 400, "InvalidInput", "4094");
    assertThat(shown(change(network, "provider:segmentation_id", 162), "provider:segmentation_id"))
        .isEqualTo(162);
    vlan(160); // free again
    refused(change(taken, "provider:segmentation_id", 162), 409, "VlanIdInUse", "162");
    refused(change(network, "provider:network_type", "flat"), 400, "InvalidInput");
    refused(change(network, "provider:physical_network", "physnet2"), 400, "InvalidInput");
    assertThat(change(network, "provider:physical_network", "physnet1").status())
        .as("as it is")
        .isEqualTo(200);
    String port = server.port(network, "binding:host_id", "h1");
    refused(change(network, "provider:segmentation_id", 163), 400, "InvalidInput", port);
    server.delete("/ports/" + port);
    server.port(network);
    assertThat(change(network, "provider:segmentation_id", 163).status()).isEqualTo(200);
    String overlay = server.network("overlay");
    refused(change(overlay, "provider:segmentation_id", 7), 400, "InvalidInput", "vxlan");
    String own = server.create("/networks", "network", Map.of("name", "own"), MEMBER);
    assertThat(
            server
                .put(
                    "/networks/" + own,
                    Map.of("network", Map.of("provider:segmentation_id", 7)),
                    MEMBER)
                .status())
        .isEqualTo(403);
  }

  @Test
  void theLargestPacketIsWhatTheSegmentCarries() {
    String overlay = server.network("overlay");
    assertThat(server.get("/networks/" + overlay).at("network", "mtu")).isEqualTo(1750);
    String large = server.create("/networks", "network", segment("vlan", "physnet2", 7));
    assertThat(server.get("/networks/" + large).at("network", "mtu")).isEqualTo(9000);
    assertThat(server.get("/networks/" + vlan(170)).at("network", "mtu")).isEqualTo(2000);
    assertThat(change(overlay, "mtu", 1300).at("network", "mtu")).isEqualTo(1300);
    refused(change(overlay, "mtu", 1751), 400, "InvalidInput", "too big", "1750");
    refused(change(overlay, "mtu", -1), 400, "HTTPBadRequest", "mtu");
    assertThat(change(overlay, "mtu", 0).at("network", "mtu")).isEqualTo(1750);
    assertThat(column(server.get("/networks?mtu=9000"), "networks", "id")).containsExactly(large);
    Map<String, Object> values = Map.of("mtu", 1751);
    refused(
        server.post("/networks", Map.of("network", values), MEMBER),
        400,
        "InvalidInput",
        "too big",
        "1750");
  }

  @Test
  void overlaysHaveANumberOfTheirTypeAndRoomForTheirHeaders() {
    for (String type : List.of("vxlan", "gre", "geneve")) {
      Reply made = make(List.of(segment(type, null, 4711)), NOTHING);
      assertThat(made.status()).as("%s", made).isEqualTo(201);
      assertThat(shown(made, "provider:network_type")).isEqualTo(type);
      refused(make(List.of(segment(type, null, 4711)), NOTHING), 409, "TunnelIdInUse", "4711");
      refused(make(List.of(segment(type, null, 0)), NOTHING), 400, "InvalidInput", "1 through");
      refused(
          make(List.of(segment(type, "physnet1", 1)), NOTHING),
          400,
          "InvalidInput",
          "physical_network",
          type);
      assertThat(shown(make(List.of(segment(type, null, null)), NOTHING), "mtu"))
          .as("%s", type)
          .isEqualTo(type.equals("gre") ? 1800 - 42 : 1800 - 50);
    }
    refused(
        make(List.of(segment("geneve", null, 1 << 24)), NOTHING), 400, "InvalidInput", "16777215");
    assertThat(make(List.of(segment("gre", null, 1 << 24)), NOTHING).status()).isEqualTo(201);
  }

  @Test
  void tenantsGetOverlaysFromTheirRanges(@TempDir Path other) {
    try (LiveServer on =
        LiveServer.start(
            other,
            "ml2",
            "tenant_network_types",
            "geneve,gre",
            "ml2",
            "overlay_ip_version",
            "6",
            "ml2_type_geneve",
            "vni_ranges",
            "7:7",
            "ml2_type_geneve",
            "max_header_size",
            "38",
            "ml2_type_gre",
            "tunnel_id_ranges",
            "100:100,200:200")) {
      List<List<Object>> got = new ArrayList<>();
      for (int i = 0; i < 3; i++) {
        Reply shown = on.get("/networks/" + on.network("n" + i));
        got.add(
            List.of(
                shown.at("network", "provider:network_type"),
                shown.at("network", "provider:segmentation_id"),
                shown.at("network", "mtu")));
      }
      assertThat(got)
          .containsExactly(
              List.of("geneve", 7, 1500 - 40 - 38),
              List.of("gre", 100, 1500 - 40 - 22),
              List.of("gre", 200, 1500 - 40 - 22));
      refused(
          on.post("/networks", Map.of("network", NOTHING)), 503, "NoNetworkAvailable", "tenant");
    }
  }

  @Test
  void vlanTransparencyIsThereWhereItIsSwitchedOn(@TempDir Path other) {
    Map<String, Object> network = Map.of("network", Map.of("vlan_transparent", true));
    refused(server.post("/networks", network), 400, "HTTPBadRequest", "vlan_transparent");
    assertThat(server.get("/extensions/vlan-transparent").status()).isEqualTo(404);
    for (String driver : List.of("everywhere", "everywhere,nowhere")) {
      try (LiveServer on =
          LiveServer.start(
              other.resolve(driver),
              "DEFAULT",
              "vlan_transparent",
              "true",
              "ml2",
              "mechanism_drivers",
              driver)) {
        assertThat(on.get("/extensions/vlan-transparent").status()).isEqualTo(200);
        Reply made = on.post("/networks", network);
        if (driver.equals("everywhere")) {
          assertThat(shown(made, "vlan_transparent")).as("%s", made).isEqualTo(true);
          assertThat(column(on.get("/networks?vlan_transparent=true"), "networks", "id"))
              .containsExactly(shown(made, "id"));
        } else {
          refused(made, 400, "VlanTransparencyDriverError", "nowhere");
        }
        assertThat(on.get("/networks/" + on.network("x")).at("network", "vlan_transparent"))
            .isNull();
      }
    }
  }
}
