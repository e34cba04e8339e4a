package org.nucleon.openvswitch.agent;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.UUID;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.nucleon.agent.api.Facts;
import org.nucleon.agent.api.Item;
import org.nucleon.core.net.IpAddress;
import org.nucleon.core.net.IpPrefix;
import org.nucleon.core.schema.InvalidValue;
import org.nucleon.host.iptables.Ip;
import org.nucleon.network.api.DeviceOwner;
import org.nucleon.network.api.Ports;
import org.nucleon.openvswitch.agent.iptables.AddressSetItem;
import org.nucleon.openvswitch.agent.iptables.FilterItem;
import org.nucleon.openvswitch.agent.iptables.FilterNames;
import org.nucleon.openvswitch.api.FirewallDriver;
import org.nucleon.securitygroup.api.AddressPair;
import org.nucleon.securitygroup.api.Direction;
import org.nucleon.securitygroup.api.PortSecurity;
import org.nucleon.securitygroup.api.Protocol;
import org.nucleon.securitygroup.api.SecurityGroupRules;
import org.nucleon.securitygroup.api.SecurityGroups;

/** What iptables is told of a guest behind a Linux bridge. */
final class IptablesPlanTest {

  private static final UUID PORT = UUID.fromString("01234567-89ab-cdef-0123-456789abcdef");
  private static final UUID NET = id("net");
  private static final UUID WEB = UUID.fromString("11111111-2222-3333-4444-555555555555");
  private static final String MAC = "fa:16:3e:00:00:01";

  private final Cloud cloud = new Cloud();
  private final Map<String, Integer> numbers = new HashMap<>();
  private Facts facts = Facts.none(Cloud.HERE);
  private Planned planned;

  private static UUID id(String name) {
    return UUID.nameUUIDFromBytes(name.getBytes(StandardCharsets.UTF_8));
  }

  @BeforeEach
  void plan() {
    cloud.host(Cloud.HERE, "192.0.2.1");
    cloud.network(NET, "vxlan", null, 4711);
    cloud.group(WEB);
    cloud.port(PORT, NET, Cloud.HERE, MAC, "10.0.0.1", WEB);
    cloud.port(id("dhcp"), NET, Cloud.HERE, "fa:16:3e:00:00:04", "10.0.0.4");
    cloud.update(Ports.PORT, id("dhcp"), draft -> draft.set(Ports.DEVICE_OWNER, DeviceOwner.DHCP));
    plugged("qvo01234567-89");
    replan(FirewallDriver.IPTABLES_HYBRID);
  }

  private void plugged(String device) {
    facts =
        facts.with(
            SwitchInterface.KIND,
            Map.of(PORT.toString(), new SwitchInterface(device, 1, true, Map.of())));
  }

  private void replan(FirewallDriver firewall) {
    SwitchSettings settings =
        new SwitchSettings(
            "br-int",
            "br-tun",
            Map.of(),
            IpAddress.parse("192.0.2.1"),
            Set.of("vxlan"),
            "netdev",
            firewall);
    planned =
        Planned.all(
            new SwitchPlanner(Cloud.HERE, settings, List.of()), numbers, cloud.picture(), facts);
  }

  /** The rules of a chain of IPv4; those of ports in any order. */
  private List<String> chain(Ip version, String chain) {
    return filters().stream()
        .filter(item -> item.version() == version && item.chain().equals(chain))
        .flatMap(item ->
            switch (item) {
              case FilterItem.Chain whole -> whole.rules().stream();
              case FilterItem.Jump jump -> java.util.stream.Stream.of(jump.rule());
            })
        .map(Object::toString)
        .toList();
  }

  private List<FilterItem> filters() {
    return planned.byKey().values().stream()
        .filter(FilterItem.class::isInstance)
        .map(FilterItem.class::cast)
        .toList();
  }

  private List<Item> sets() {
    return planned.byKey().values().stream().filter(AddressSetItem.class::isInstance).toList();
  }

  @Test
  void namesAreNeutrons() {
    assertThat(filters())
        .extracting(FilterItem::chain)
        .contains(
            "neutron-openvswi-FORWARD",
            "neutron-openvswi-INPUT",
            "neutron-openvswi-sg-chain",
            "neutron-openvswi-sg-fallback",
            "neutron-openvswi-i01234567-8",
            "neutron-openvswi-o01234567-8",
            "neutron-openvswi-s01234567-8")
        .allSatisfy(name -> assertThat(name.length()).isLessThanOrEqualTo(28));
    assertThat(FilterNames.members(Ip.V4, WEB)).isEqualTo("NETIPv411111111-2222-3333-4");
  }

  @Test
  void aPortsPacketsGoToItsChainsAndNobodyElsesGetsThrough() {
    assertThat(chain(Ip.V4, FilterNames.FORWARD))
        .containsExactlyInAnyOrder(
            "-m physdev --physdev-out tap01234567-89 --physdev-is-bridged -j neutron-openvswi-sg-chain",
            "-m physdev --physdev-in tap01234567-89 --physdev-is-bridged -j neutron-openvswi-sg-chain",
            "-m physdev --physdev-in qvb+ --physdev-is-bridged -j DROP",
            "-m physdev --physdev-out qvb+ --physdev-is-bridged -j DROP");
    assertThat(chain(Ip.V4, FilterNames.PREROUTING))
        .containsExactlyInAnyOrder(
            "-m physdev --physdev-in tap01234567-89 -j CT --zone " + numbers.get("zone:" + PORT),
            "-m physdev --physdev-in qvb01234567-89 -j CT --zone " + numbers.get("zone:" + PORT));
    assertThat(chain(Ip.V4, FilterNames.egress(PORT)))
        .containsExactly(
            "-p udp -m udp --sport 67 --dport 68 -j DROP",
            "-j neutron-openvswi-s01234567-8",
            "-d 255.255.255.255 -p udp -m udp --sport 68 --dport 67 -j RETURN",
            "-m conntrack --ctstate RELATED -j RETURN",
            "-m conntrack --ctstate ESTABLISHED --ctdir REPLY -j RETURN",
            "-j " + FilterNames.network(NET),
            "-p tcp -m conntrack --ctstate INVALID -j DROP",
            "-p udp -m conntrack --ctstate INVALID -j DROP",
            "-p icmp -m conntrack --ctstate INVALID -j DROP",
            "-j neutron-openvswi-go111111112",
            "-j neutron-openvswi-sg-fallback");
    assertThat(chain(Ip.V4, FilterNames.network(NET)))
        .containsExactly(
            "-d 10.0.0.4 -p udp -m udp --sport 68 --dport 67 -j ACCEPT",
            "-s 10.0.0.4 -p udp -m udp --sport 67 --dport 68 -j ACCEPT");
  }

  @Test
  void aPortSendsFromItsAddressesAndPairs() {
    cloud.update(
        Ports.PORT,
        PORT,
        draft ->
            draft.set(
                PortSecurity.ADDRESS_PAIRS,
                List.of(
                    new AddressPair(IpPrefix.parse("10.9.0.0/16"), null),
                    new AddressPair(
                        IpPrefix.parse("0.0.0.0/0"),
                        org.nucleon.core.net.MacAddress.parse("fa:16:3e:00:00:02")))));
    replan(FirewallDriver.IPTABLES_HYBRID);
    assertThat(chain(Ip.V4, FilterNames.sources(PORT)))
        .containsExactly(
            "-s 10.0.0.1/32 -m mac --mac-source fa:16:3e:00:00:01 -j RETURN",
            "-s 10.9.0.0/16 -m mac --mac-source fa:16:3e:00:00:01 -j RETURN",
            "-m mac --mac-source fa:16:3e:00:00:02 -j RETURN",
            "-s 0.0.0.0 -d 255.255.255.255 -p udp -m mac --mac-source fa:16:3e:00:00:01 -m udp --sport 68 --dport 67 -j RETURN",
            "-s 0.0.0.0 -d 255.255.255.255 -p udp -m mac --mac-source fa:16:3e:00:00:02 -m udp --sport 68 --dport 67 -j RETURN",
            "-j DROP");
    assertThat(chain(Ip.V6, FilterNames.sources(PORT)))
        .contains("-s fe80::f816:3eff:fe00:1/128 -m mac --mac-source fa:16:3e:00:00:01 -j RETURN")
        .endsWith("-j DROP");
  }

  @Test
  void rulesAreOfTheGroupOnceForAllItsPorts() {
    rule("any", Direction.EGRESS, Map.of());
    rule("tcp", Direction.INGRESS, Map.of("protocol", "tcp", "min", 80, "max", 89));
    rule("one", Direction.INGRESS, Map.of("protocol", "udp", "min", 53, "max", 53));
    rule("ping", Direction.INGRESS, Map.of("protocol", "icmp", "min", 8, "max", 0));
    rule("vrrp", Direction.INGRESS, Map.of("protocol", "vrrp"));
    rule("all", Direction.INGRESS, Map.of("protocol", "ip"));
    rule("friends", Direction.INGRESS, Map.of("protocol", "tcp", "group", WEB));
    rule("hopopt", Direction.INGRESS, Map.of("protocol", "hopopt"));
    rule("type 255", Direction.INGRESS, Map.of("protocol", "icmp", "min", 255));
    replan(FirewallDriver.IPTABLES_HYBRID);
    assertThat(chain(Ip.V4, FilterNames.groupIngress(WEB)))
        .containsExactlyInAnyOrder(
            "-p 6 -m multiport --dports 80:89 -j ACCEPT",
            "-p 17 -m multiport --dports 53 -j ACCEPT",
            "-p icmp -m icmp --icmp-type 8/0 -j ACCEPT",
            "-p 112 -j ACCEPT",
            "-j ACCEPT",
            "-p 6 -m set --match-set NETIPv411111111-2222-3333-4 src -j ACCEPT");
    assertThat(chain(Ip.V4, FilterNames.groupEgress(WEB))).containsExactly("-j ACCEPT");
    assertThat(planned.leftOut.values())
        .anySatisfy(reasons ->
            assertThat(reasons)
                .anyMatch(reason -> reason.contains("protocol 0"))
                .anyMatch(reason -> reason.contains("ICMP type 255")));
    assertThat(sets())
        .contains(
            new AddressSetItem.AddressSet("NETIPv411111111-2222-3333-4", Ip.V4),
            new AddressSetItem.Member(
                "NETIPv411111111-2222-3333-4", IpPrefix.parse("10.0.0.1/32")));
  }

  @Test
  void allAddressesAreTwoHalvesOfASet() {
    rule("friends", Direction.INGRESS, Map.of("group", WEB));
    cloud.update(
        Ports.PORT,
        PORT,
        draft ->
            draft.set(
                PortSecurity.ADDRESS_PAIRS,
                List.of(
                    new AddressPair(IpPrefix.parse("0.0.0.0/0"), null),
                    new AddressPair(IpPrefix.parse("::/0"), null))));
    replan(FirewallDriver.IPTABLES_HYBRID);
    assertThat(sets())
        .extracting(item -> String.valueOf(item.key()))
        .contains(
            "NETIPv411111111-2222-3333-4 0.0.0.0/1",
            "NETIPv411111111-2222-3333-4 128.0.0.0/1",
            "NETIPv611111111-2222-3333-4 ::/1",
            "NETIPv611111111-2222-3333-4 8000::/1");
  }

  @Test
  void withoutPortSecurityAllPassesUntracked() {
    cloud.update(Ports.PORT, PORT, draft -> draft.set(PortSecurity.ENABLED, false));
    replan(FirewallDriver.IPTABLES_HYBRID);
    assertThat(chain(Ip.V6, FilterNames.FORWARD))
        .contains(
            "-m physdev --physdev-out tap01234567-89 --physdev-is-bridged -j ACCEPT",
            "-m physdev --physdev-in tap01234567-89 --physdev-is-bridged -j ACCEPT");
    assertThat(chain(Ip.V6, FilterNames.PREROUTING))
        .hasSize(2)
        .allMatch(rule -> rule.endsWith("-j CT --notrack"));
    assertThat(chain(Ip.V6, FilterNames.ingress(PORT))).isEmpty();
  }

  @Test
  void statelessGroupsAreNotTracked() {
    cloud.update(
        SecurityGroups.SECURITY_GROUP, WEB, draft -> draft.set(SecurityGroups.STATEFUL, false));
    replan(FirewallDriver.IPTABLES_HYBRID);
    assertThat(chain(Ip.V4, FilterNames.PREROUTING))
        .allMatch(rule -> rule.endsWith("-j CT --notrack"));
    assertThat(chain(Ip.V4, FilterNames.ingress(PORT)))
        .noneMatch(rule -> rule.contains("conntrack"));
  }

  /** Whatever the driver, what iptables cannot see is not left open. */
  @Test
  void whoIsPluggedStraightIntoTheSwitchIsFilteredThere() {
    plugged("tap01234567-89");
    replan(FirewallDriver.IPTABLES_HYBRID);
    assertThat(chain(Ip.V4, FilterNames.ingress(PORT))).isEmpty();
    assertThat(tracks()).isTrue();

    plugged("qvo01234567-89");
    replan(FirewallDriver.IPTABLES_HYBRID);
    assertThat(chain(Ip.V4, FilterNames.ingress(PORT))).isNotEmpty();
    assertThat(tracks()).isFalse();

    replan(FirewallDriver.OPENVSWITCH);
    assertThat(filters()).isEmpty();
    assertThat(tracks()).isTrue();

    replan(FirewallDriver.NOOP);
    assertThat(filters()).isEmpty();
    assertThat(tracks()).isFalse();
  }

  /** Whether the switch sends the port's packets through a zone. */
  private boolean tracks() {
    return planned.flows().stream()
        .anyMatch(item ->
            item.flow().cookie() == Cookies.of(PORT)
                    && item.flow().table() == Pipeline.INGRESS_CT.number()
                    && item.flow().actions().toString().contains("INGRESS_RULES")
                || item.flow().cookie() == Cookies.of(PORT)
                    && item.flow().table() == Pipeline.INGRESS_CT.number()
                    && item.flow().actions().size() > 1);
  }

  private void rule(String name, Direction direction, Map<String, Object> what) {
    Map<String, Object> given = new TreeMap<>(what);
    cloud.rule(
        id(name),
        WEB,
        direction,
        draft -> {
          if (given.get("protocol") instanceof String protocol) {
            draft.set(SecurityGroupRules.PROTOCOL, protocol(protocol));
          }
          if (given.get("min") instanceof Integer min) {
            draft.set(SecurityGroupRules.PORT_RANGE_MIN, min);
          }
          if (given.get("max") instanceof Integer max) {
            draft.set(SecurityGroupRules.PORT_RANGE_MAX, max);
          }
          if (given.get("group") instanceof UUID group) {
            draft.set(SecurityGroupRules.REMOTE_GROUP_ID, group);
          }
        });
  }

  private static Protocol protocol(String text) {
    try {
      return Protocol.TYPE.parse(text);
    } catch (InvalidValue e) {
      throw new AssertionError(e);
    }
  }
}
