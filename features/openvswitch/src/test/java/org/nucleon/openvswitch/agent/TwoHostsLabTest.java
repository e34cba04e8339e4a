package org.nucleon.openvswitch.agent;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.nucleon.core.net.IpPrefix;
import org.nucleon.network.api.Ports;
import org.nucleon.securitygroup.api.AddressPair;
import org.nucleon.securitygroup.api.Direction;
import org.nucleon.securitygroup.api.PortSecurity;

/** Guests on two hosts, over tunnels and over a physical network. */
@Tag("lab")
final class TwoHostsLabTest {

  private static final String MAC_A = "fa:16:3e:00:00:01";
  private static final String MAC_B = "fa:16:3e:00:00:02";

  private final Cloud cloud = new Cloud();
  private final UUID a = id("a");
  private final UUID b = id("b");
  private final UUID group = id("group");
  private Host here;
  private Host there;

  private static UUID id(String name) {
    return UUID.nameUUIDFromBytes(name.getBytes(StandardCharsets.UTF_8));
  }

  /** One host's switch and agent. */
  private record Host(String name, PrivateSwitch ovs, SmallAgent agent) {

    static Host start(String name, String address) throws Exception {
      PrivateSwitch ovs = new PrivateSwitch(name);
      for (String bridge : List.of("br-phys", "br-ex")) {
        ovs.vsctl("add-br", bridge, "--", "set", "Bridge", bridge, "datapath_type=netdev");
      }
      for (String device : List.of("under", "ext")) {
        ovs.run("ip", "link", "set", device, "up");
      }
      ovs.vsctl("add-port", "br-phys", "under");
      ovs.vsctl("add-port", "br-ex", "ext");
      ovs.run("ip", "address", "add", address + "/24", "dev", "br-phys");
      ovs.run("ip", "link", "set", "br-phys", "up");
      SmallAgent agent =
          new SmallAgent(
              name,
              Map.of(
                  "ovsdb_connection",
                  "unix:" + ovs.socket(),
                  "local_ip",
                  address,
                  "bridge_mappings",
                  "physnet:br-ex",
                  "datapath_type",
                  "netdev"));
      return new Host(name, ovs, agent);
    }

    boolean knows(UUID port) {
      return agent
          .facts()
          .find(SwitchInterface.class, SwitchInterface.KIND, port.toString())
          .isPresent();
    }

    boolean hasTunnels(int count) {
      return agent.facts().byKind().values().stream()
              .flatMap(facts -> facts.keySet().stream())
              .filter(id -> id.startsWith("vxlan-"))
              .count()
          == count;
    }

    void close() throws Exception {
      agent.close();
      ovs.close();
      system("ip", "netns", "delete", name);
    }
  }

  private static void system(String... command) throws Exception {
    assertThat(new ProcessBuilder(command).inheritIO().start().waitFor()).isZero();
  }

  @BeforeEach
  void start() throws Exception {
    system("ip", "netns", "add", Cloud.HERE);
    system("ip", "netns", "add", Cloud.THERE);
    for (String device : List.of("under", "ext")) {
      system(
          "ip",
          "link",
          "add",
          device,
          "netns",
          Cloud.HERE,
          "type",
          "veth",
          "peer",
          "name",
          device,
          "netns",
          Cloud.THERE);
    }
    here = Host.start(Cloud.HERE, "192.0.2.1");
    there = Host.start(Cloud.THERE, "192.0.2.2");
    cloud.host(Cloud.HERE, "192.0.2.1");
    cloud.host(Cloud.THERE, "192.0.2.2");
    cloud.group(group);
    cloud.rule(id("out"), group, Direction.EGRESS, _ -> {});
    cloud.rule(id("in"), group, Direction.INGRESS, _ -> {});
  }

  @AfterEach
  void stop() throws Exception {
    here.close();
    there.close();
  }

  private void guests(UUID network) throws Exception {
    cloud.port(a, network, Cloud.HERE, MAC_A, "10.0.0.1", group);
    cloud.port(b, network, Cloud.THERE, MAC_B, "10.0.0.2", group);
    here.ovs().guest("a", a.toString(), MAC_A, "10.0.0.1/24");
    there.ovs().guest("b", b.toString(), MAC_B, "10.0.0.2/24");
    here.agent().until("a is plugged", () -> here.knows(a));
    there.agent().until("b is plugged", () -> there.knows(b));
  }

  private void converge(int tunnels) throws Exception {
    for (Host host : List.of(here, there)) {
      host.agent().converge(cloud.picture());
      host.agent().until("tunnels have numbers", () -> host.hasTunnels(tunnels));
      host.agent().converge(cloud.picture());
      assertThat(host.agent().failed).isEmpty();
      assertThat(host.agent().difference(cloud.picture())).isZero();
    }
  }

  private boolean pings(String address) {
    return here.ovs().attemptInside("a", "ping", "-c", "2", "-W", "2", address).status() == 0;
  }

  @Test
  void guestsMeetThroughTunnels() throws Exception {
    guests(cloud.network(id("net"), "vxlan", null, 4711));
    cloud.update(
        Ports.PORT,
        b,
        draft ->
            draft.set(
                PortSecurity.ADDRESS_PAIRS,
                List.of(new AddressPair(IpPrefix.parse("10.0.0.50"), null))));
    there.ovs().inside("b", "ip", "address", "add", "10.0.0.50/24", "dev", "eth0");
    converge(1);
    assertThat(pings("10.0.0.2")).isTrue();
    assertThat(pings("10.0.0.50")).as("an address that is asked for over tunnels").isTrue();
    assertThat(pings("10.0.0.51")).isFalse();
  }

  @Test
  void guestsMeetOverAPhysicalNetwork() throws Exception {
    guests(cloud.network(id("net"), "vlan", "physnet", 300));
    converge(0);
    assertThat(pings("10.0.0.2")).isTrue();
  }

  @Test
  void guestsMeetOverAnUntaggedNetwork() throws Exception {
    guests(cloud.network(id("net"), "flat", "physnet", null));
    converge(0);
    assertThat(pings("10.0.0.2")).isTrue();
  }
}
