package org.nucleon.lab;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** What is removed by hand comes back, and what the API removes is gone. */
@Tag("lab")
@LabScenario
final class DriftTest {

  private static final Duration LIMIT = Duration.ofSeconds(10);

  @Test
  void whatIsRemovedByHandComesBack(Lab lab) {
    SmallCloud small = new SmallCloud(lab);
    LabHost host = small.routerHost();
    String qrouter = "qrouter-" + small.router;
    Endpoint outside = lab.internet().server();
    assertThat(outside.ping(SmallCloud.FLOATING)).isTrue();

    host.machine().exec("ip", "-n", qrouter, "route", "del", "default");
    back("the default route", () -> outside.ping(SmallCloud.FLOATING));

    String gateway =
        host.machine()
            .exec(
                "sh",
                "-c",
                "ip -n " + qrouter + " -o -4 addr | awk '$2 ~ /^qg-/ {print $4; exit}'");
    String device =
        host.machine()
            .exec(
                "sh",
                "-c",
                "ip -n " + qrouter + " -o -4 addr | awk '$2 ~ /^qg-/ {print $2; exit}'");
    host.machine().exec("ip", "-n", qrouter, "addr", "del", gateway, "dev", device);
    back("an address", () -> host.machine().exec("ip", "-n", qrouter, "addr").contains(gateway));

    host.machine().exec("ip", "netns", "exec", qrouter, "nft", "flush", "table", "ip", "nucleon");
    back("translation", () -> outside.ping(SmallCloud.FLOATING));

    String tap =
        device.strip().replace("qg-", "tap"); // guests' ports are whoever plugs them to bring back
    host.ovs().vsctl("del-port", "br-int", tap);
    back("a switch port", () -> host.ovs().vsctl("list-ports", "br-int").contains(tap));

    Inventory planned = Inventory.of(host);
    host.ovs().ofctl("add-flow", "br-int", "table=60,priority=77,cookie=0x7,tcp actions=drop");
    host.ovs().ofctl("mod-flows", "br-int", "table=60 actions=drop");
    host.ovs().ofctl("del-flows", "br-int", "table=50");
    host.ovs().ofctl("del-flows", "br-tun");
    host.ovs().ofctl("del-flows", "br-ex", "table=0,vlan_tci=0/0xffff");
    back("each flow, and no other,", () -> planned.changes().isEmpty());
    host.ovs().ofctl("add-flow", "br-ex", "table=9,priority=1,cookie=0x7,tcp actions=drop");

    String before = host.machine().exec("sh", "-c", "pgrep -x dnsmasq | head -1 || true");
    if (!before.isBlank()) {
      host.machine().exec("kill", "-9", before);
      back(
          "dnsmasq",
          () -> {
            String now = host.machine().exec("sh", "-c", "pgrep -x dnsmasq || true");
            return !now.isBlank() && now.lines().noneMatch(before::equals);
          });
    }
    back("everything", () -> small.cloud.difference(host).contains("no difference"));
    assertThat(planned.changes())
        .as("of others' flows on br-ex")
        .singleElement()
        .asString()
        .startsWith("+ ")
        .contains("br-ex cookie=0x7");
    assertThat(outside.ping(SmallCloud.FLOATING)).isTrue();
  }

  /** Guests' ports are gone with it, and whoever has plugged them has to plug them again. */
  @Test
  void aBridgeRemovedByHandComesBack(Lab lab) {
    LabHost h1 = lab.hostWithExternal("h1");
    Cloud cloud = Cloud.on(lab, h1);
    String red = cloud.network("red", "10.1.0.0/24");
    cloud.settled(h1, "a", red, Map.of());
    for (String bridge : List.of("br-int", "br-tun")) {
      h1.ovs().vsctl("del-br", bridge);
      back(bridge, () -> h1.ovs().vsctl("list-br").contains(bridge));
      Eventually.within(
          LIMIT,
          "everything is back",
          () -> cloud.difference(h1),
          difference -> difference.contains("no difference"));
      assertThat(h1.ovs().flows(bridge)).hasSizeGreaterThan(1);
    }
    Guest b = cloud.settled(h1, "b", red, Map.of());
    Guest c = cloud.settled(h1, "c", red, Map.of());
    assertThat(b.ping(cloud.address(c.name()))).isTrue();
  }

  private static void back(String what, java.util.function.BooleanSupplier condition) {
    Eventually.within(LIMIT, what + " is back", condition);
  }

  @Test
  void whatTheApiRemovesIsGone(Lab lab) {
    LabHost h1 = lab.hostWithExternal("h1");
    Cloud cloud = Cloud.on(lab, h1);
    Eventually.within(
        LIMIT, "nothing differs", () -> cloud.difference(h1).contains("no difference"));
    Inventory before = Inventory.of(h1);
    Api api = cloud.api();
    String external = cloud.externalNetwork();
    String red = cloud.network("red", "10.1.0.0/24");
    String router =
        api.create("router", Map.of("external_gateway_info", Map.of("network_id", external)))
            .get("id")
            .asString();
    String subnet = api.list("subnet", Map.of("network_id", red)).getFirst().get("id").asString();
    api.action("router", router, "add_router_interface", Map.of("subnet_id", subnet));
    Guest a = cloud.guest(h1, "a", red, Map.of());
    a.dhcp();
    assertThat(a.ping(Internet.SERVER)).isTrue();
    assertThat(before.changes()).isNotEmpty();

    a.unplug();
    cloud.awaitStatus("port", cloud.port("a"), "DOWN");
    api.delete("port", cloud.port("a"));
    api.action("router", router, "remove_router_interface", Map.of("subnet_id", subnet));
    api.delete("router", router);
    api.delete("network", red);
    api.delete("network", external);

    Eventually.within(
        Duration.ofSeconds(20), "the host is as before", before::changes, List::isEmpty);
  }
}
