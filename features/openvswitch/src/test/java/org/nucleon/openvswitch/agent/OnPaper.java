package org.nucleon.openvswitch.agent;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import org.junit.jupiter.api.BeforeEach;
import org.nucleon.agent.api.Facts;
import org.nucleon.core.net.IpAddress;
import org.nucleon.core.schema.InvalidValue;
import org.nucleon.host.openflow.Bits;
import org.nucleon.host.openflow.Field;
import org.nucleon.network.api.DeviceOwner;
import org.nucleon.network.api.Ports;
import org.nucleon.openvswitch.agent.PacketWalk.Sent;
import org.nucleon.openvswitch.api.FirewallDriver;
import org.nucleon.securitygroup.api.Direction;
import org.nucleon.securitygroup.api.PortSecurity;
import org.nucleon.securitygroup.api.Protocol;
import org.nucleon.securitygroup.api.SecurityGroupRules;

/** Some networks and ports, planned, and what becomes of frames by those flows. */
abstract class OnPaper {

  static final SwitchSettings SETTINGS =
      new SwitchSettings(
          "br-int",
          "br-tun",
          Map.of("physnet", "br-ex"),
          IpAddress.parse("192.0.2.1"),
          Set.of("vxlan", "gre"),
          "netdev",
          FirewallDriver.OPENVSWITCH);

  static final String A = "fa:16:3e:00:00:01";
  static final String B = "fa:16:3e:00:00:02";
  static final String OPEN = "fa:16:3e:00:00:03";
  static final String SERVER = "fa:16:3e:00:00:04";
  static final String TWIN = "fa:16:3e:00:00:05";
  static final String EXT = "fa:16:3e:00:00:06";
  static final String REMOTE = "fa:16:3e:00:00:09";
  static final String NOBODY = "fa:16:3e:ff:ff:ff";
  static final String IP_A = "10.0.0.1";
  static final String IP_B = "10.0.0.2";
  static final String IP_REMOTE = "10.0.0.9";

  static final long PORT_A = 1;
  static final long PORT_B = 2;
  static final long PORT_OPEN = 3;
  static final long PORT_SERVER = 4;
  static final long PORT_TWIN = 5;
  static final long PORT_EXT = 6;
  static final long TUN = 100;
  static final long PHYS = 101;

  final Cloud cloud = new Cloud();
  final PacketWalk walk = new PacketWalk();
  final PacketWalk tunnelWalk = new PacketWalk();
  final Map<String, Integer> numbers = new HashMap<>();
  Planned planned;
  Facts facts = Facts.none(Cloud.HERE);

  final UUID net = id("net");
  final UUID twinNet = id("twin net");
  final UUID extNet = id("ext net");
  final UUID a = id("a");
  final UUID b = id("b");
  final UUID web = id("web");
  final UUID db = id("db");

  static UUID id(String name) {
    return UUID.nameUUIDFromBytes(name.getBytes(java.nio.charset.StandardCharsets.UTF_8));
  }

  @BeforeEach
  void plan() {
    cloud.host(Cloud.HERE, "192.0.2.1");
    cloud.host(Cloud.THERE, "192.0.2.2");
    cloud.network(net, "vxlan", null, 4711);
    cloud.network(twinNet, "vxlan", null, 4712);
    cloud.network(extNet, "vlan", "physnet", 300);
    cloud.group(web);
    cloud.group(db);
    cloud.port(a, net, Cloud.HERE, A, IP_A, web);
    cloud.port(b, net, Cloud.HERE, B, IP_B, db);
    cloud.port(id("open"), net, Cloud.HERE, OPEN, "10.0.0.3");
    cloud.update(Ports.PORT, id("open"), draft -> draft.set(PortSecurity.ENABLED, false));
    cloud.port(id("server"), net, Cloud.HERE, SERVER, "10.0.0.4");
    cloud.update(
        Ports.PORT, id("server"), draft -> draft.set(Ports.DEVICE_OWNER, DeviceOwner.DHCP));
    cloud.port(id("remote"), net, Cloud.THERE, REMOTE, IP_REMOTE, web);
    cloud.port(id("twin"), twinNet, Cloud.HERE, TWIN, IP_A, db);
    cloud.port(id("ext"), extNet, Cloud.HERE, EXT, "203.0.113.6", db);
    for (UUID group : List.of(web, db)) {
      cloud.rule(id("out of " + group), group, Direction.EGRESS, _ -> {});
    }
    cloud.rule(
        id("ssh"),
        db,
        Direction.INGRESS,
        draft ->
            draft
                .set(SecurityGroupRules.PROTOCOL, protocol("tcp"))
                .set(SecurityGroupRules.PORT_RANGE_MIN, 22)
                .set(SecurityGroupRules.PORT_RANGE_MAX, 24)
                .set(SecurityGroupRules.REMOTE_GROUP_ID, web));
    facts =
        facts
            .with(
                SwitchInterface.KIND,
                Map.of(
                    a.toString(), device(PORT_A),
                    b.toString(), device(PORT_B),
                    id("open").toString(), device(PORT_OPEN),
                    id("server").toString(), device(PORT_SERVER),
                    id("twin").toString(), device(PORT_TWIN),
                    id("ext").toString(), device(PORT_EXT)))
            .with(
                JoiningPort.KIND,
                Map.of(
                    "patch-tun", new JoiningPort("patch-tun", TUN),
                    "patch-int", new JoiningPort("patch-int", 1),
                    "int-br-ex", new JoiningPort("int-br-ex", PHYS),
                    "phy-br-ex", new JoiningPort("phy-br-ex", 1),
                    "vxlan-c0000202", new JoiningPort("vxlan-c0000202", 2)));
    replan();
  }

  static SwitchInterface device(long ofport) {
    return new SwitchInterface("tap" + ofport, ofport, true, Map.of());
  }

  static Protocol protocol(String text) {
    try {
      return Protocol.TYPE.parse(text);
    } catch (InvalidValue e) {
      throw new AssertionError(e);
    }
  }

  void replan() {
    planned =
        Planned.all(
            new SwitchPlanner(Cloud.HERE, SETTINGS, List.of(new NamedConditions())),
            numbers,
            cloud.picture(),
            facts);
    walk.flows(planned.flows(), "br-int");
    tunnelWalk.flows(planned.flows(), "br-tun");
  }

  List<Long> send(long port, Map<Field, Bits> frame) {
    return walk.send(port, frame).stream().map(Sent::port).sorted().toList();
  }

  void droppedIn(Pipeline table, long port, Map<Field, Bits> frame) {
    assertThat(send(port, frame)).isEmpty();
    assertThat(Pipeline.nameOf(walk.lastTable())).isEqualTo(table.name());
  }

  static Map<Field, Bits> ping(String from, String to, String source, String target) {
    return Frames.icmp(from, to, source, target, 8);
  }

  long vlan(UUID network) {
    return 0x1000 | numbers.get("vlan:" + network);
  }
}
