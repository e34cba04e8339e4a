package org.nucleon.openvswitch.agent;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.nucleon.core.net.IpPrefix;
import org.nucleon.core.schema.InvalidValue;
import org.nucleon.host.iptables.Ip;
import org.nucleon.host.iptables.Iptables;
import org.nucleon.host.iptables.Rule;
import org.nucleon.host.namespace.NetworkNamespace;
import org.nucleon.openvswitch.agent.iptables.AddressSetApplier;
import org.nucleon.openvswitch.agent.iptables.AddressSetItem;
import org.nucleon.openvswitch.agent.iptables.AddressSetItem.AddressSet;
import org.nucleon.openvswitch.agent.iptables.BridgeSwitches;
import org.nucleon.openvswitch.agent.iptables.FilterApplier;
import org.nucleon.openvswitch.agent.iptables.FilterItem;
import org.nucleon.openvswitch.agent.iptables.FilterItem.Chain;
import org.nucleon.openvswitch.agent.iptables.FilterItem.Jump;
import org.nucleon.openvswitch.agent.iptables.FilterNames;
import org.nucleon.openvswitch.agent.iptables.FilterWatch;
import org.nucleon.securitygroup.api.Direction;
import org.nucleon.securitygroup.api.Ethertype;
import org.nucleon.securitygroup.api.Protocol;
import org.nucleon.securitygroup.api.RemotePrefix;
import org.nucleon.securitygroup.api.SecurityGroupRules;

/** OSSA-2019-001: whatever rule is planned, iptables takes it, and gives it back as it was. */
@Tag("lab")
final class IptablesGridTest {

  private static final String SPACE = "grid";
  private static final UUID GROUP = id("group");

  private final Cloud cloud = new Cloud();
  private NetworkNamespace namespace;
  private FilterApplier filters;
  private AddressSetApplier sets;

  private static UUID id(String name) {
    return UUID.nameUUIDFromBytes(name.getBytes(StandardCharsets.UTF_8));
  }

  @BeforeEach
  void open() throws Exception {
    namespace = NetworkNamespace.create(SPACE);
    filters =
        new FilterApplier(
            namespace, new FilterWatch(namespace, new BridgeSwitches(namespace, false)));
    sets = new AddressSetApplier(namespace, true);
    cloud.group(GROUP);
    List<AddressSetItem> all = new ArrayList<>();
    for (Ip version : Ip.values()) {
      String set = FilterNames.members(version, GROUP);
      all.add(new AddressSet(set, version));
      for (String member :
          version == Ip.V4
              ? List.of("10.0.0.1", "10.0.0.0/9", "0.0.0.0/0")
              : List.of("fd00::1", "::ffff:1.2.3.4", "fd00::/9", "::/0")) {
        all.addAll(AddressSetApplier.members(set, IpPrefix.parse(member)));
      }
    }
    assertThat(sets.apply(all, List.of())).isEmpty();
    assertThat(sets.read().values()).containsExactlyInAnyOrderElementsOf(all);
  }

  @AfterEach
  void close() throws Exception {
    namespace.close();
    NetworkNamespace.delete(SPACE);
  }

  @Test
  void everyProtocolRangeAndRemoteLoads() throws Exception {
    for (int number = -1; number <= 255; number++) {
      for (Ethertype ethertype : Ethertype.values()) {
        for (Integer[] range :
            new Integer[][] {
              {null, null}, {1, 1}, {80, 90}, {1, 65_535}, {8, null}, {0, 0}, {3, 255}
            }) {
          rule(number, ethertype, range[0], range[1], "");
        }
      }
    }
    for (int number : new int[] {-1, 1, 6, 17, 58, 112, 132}) {
      for (Ethertype ethertype : Ethertype.values()) {
        boolean isFour = ethertype == Ethertype.IPV4;
        for (String remote :
            List.of("group", isFour ? "0.0.0.0/0" : "::/0", isFour ? "10.0.0.7/8" : "fd00::7/12")) {
          rule(number, ethertype, null, null, remote);
        }
      }
    }
    Map<Object, FilterItem> planned = new HashMap<>();
    for (Ip version : Ip.values()) {
      for (Direction direction : Direction.values()) {
        List<Rule> rules =
            cloud.picture().list(SecurityGroupRules.SECURITY_GROUP_ID, GROUP).stream()
                .filter(rule -> rule.get(SecurityGroupRules.DIRECTION) == direction)
                .filter(rule -> SecurityRules.version(rule) == version.number())
                .filter(rule -> IptablesRules.obstacle(rule).isEmpty())
                .map(IptablesRules::rule)
                .toList();
        assertThat(rules).hasSizeGreaterThan(256);
        Chain chain =
            Chain.of(
                version,
                direction == Direction.INGRESS
                    ? FilterNames.groupIngress(GROUP)
                    : FilterNames.groupEgress(GROUP),
                rules);
        planned.put(chain.key(), chain);
      }
    }
    assertThat(filters.apply(planned.values(), List.of())).isEmpty();
    Map<Object, FilterItem> read = filters.read();
    for (Map.Entry<Object, FilterItem> entry : planned.entrySet()) {
      List<Rule> there = ((Chain) read.get(entry.getKey())).rules();
      List<Rule> asked = ((Chain) entry.getValue()).rules();
      for (int i = 0; i < asked.size(); i++) {
        assertThat(there.get(i)).isEqualTo(asked.get(i));
      }
      assertThat(there).hasSameSizeAs(asked);
    }
  }

  /** What others have there stays; what is refused holds up nothing else; nothing of ours stays. */
  @Test
  void changesKeepToWhatIsOurs() throws Exception {
    Iptables iptables = Iptables.in(namespace);
    iptables.restore(
        Ip.V4,
        """
        *filter
        :docker - [0:0]
        :neutron-l3-agent-x - [0:0]
        -A docker -j DROP
        -A FORWARD -j docker
        -P FORWARD DROP
        COMMIT
        """);
    List<Rule> theirs = iptables.save(Ip.V4).get("filter").get("FORWARD");
    String port = FilterNames.ingress(id("port"));
    Chain forward =
        Chain.of(
            Ip.V4,
            FilterNames.FORWARD,
            "-m physdev --physdev-in qvb+ --physdev-is-bridged -j DROP");
    Chain ingress = Chain.of(Ip.V4, port, "-s 10.0.0.1 -j RETURN", "-j DROP");
    Chain bad = Chain.of(Ip.V4, FilterNames.egress(id("port")), "-j nobody");
    Jump way = new Jump(Ip.V4, FilterNames.FILTER, "FORWARD", Rule.of("-j " + FilterNames.FORWARD));
    Jump jump =
        new Jump(
            Ip.V4,
            FilterNames.FILTER,
            FilterNames.FORWARD,
            Rule.of("-m physdev --physdev-out tapa --physdev-is-bridged -j " + port));
    assertThat(filters.apply(List.of(jump, way, bad, ingress, forward), List.of()))
        .containsOnlyKeys(bad.key());
    assertThat(filters.read().values()).containsExactlyInAnyOrder(jump, way, ingress, forward);
    assertThat(iptables.save(Ip.V4).get("filter").get("FORWARD"))
        .containsExactly(way.rule(), theirs.getFirst());
    assertThat(iptables.save(Ip.V4).get("filter").get(FilterNames.FORWARD))
        .containsExactly(jump.rule(), forward.rules().getFirst());

    // Rules of ours that somebody put before those of ports are found out and put right
    iptables.restore(
        Ip.V4,
        """
        *filter
        -I %1$s 1 %2$s
        -D %1$s 3
        COMMIT
        """
            .formatted(FilterNames.FORWARD, forward.rules().getFirst()));
    assertThat(filters.read().get(forward.key())).isNotEqualTo(forward);
    assertThat(filters.apply(List.of(forward), List.of())).isEmpty();
    assertThat(iptables.save(Ip.V4).get("filter").get(FilterNames.FORWARD))
        .containsExactly(jump.rule(), forward.rules().getFirst());

    assertThat(filters.apply(List.of(), List.copyOf(filters.read().values()))).isEmpty();
    assertThat(filters.read()).isEmpty();
    assertThat(iptables.save(Ip.V4).get("filter"))
        .containsKeys("docker", "neutron-l3-agent-x")
        .containsEntry("FORWARD", theirs);
    assertThat(sets.apply(List.of(), List.copyOf(sets.read().values()))).isEmpty();
    assertThat(sets.read()).isEmpty();
  }

  private void rule(int protocol, Ethertype ethertype, Integer min, Integer max, String remote) {
    for (Direction direction : Direction.values()) {
      cloud.rule(
          UUID.randomUUID(),
          GROUP,
          direction,
          draft -> {
            draft.set(SecurityGroupRules.ETHERTYPE, ethertype);
            if (protocol >= 0) {
              draft.set(
                  SecurityGroupRules.PROTOCOL, new Protocol(String.valueOf(protocol), protocol));
            }
            if (min != null) {
              draft.set(SecurityGroupRules.PORT_RANGE_MIN, min);
            }
            if (max != null) {
              draft.set(SecurityGroupRules.PORT_RANGE_MAX, max);
            }
            if (remote.equals("group")) {
              draft.set(SecurityGroupRules.REMOTE_GROUP_ID, GROUP);
            } else if (!remote.isEmpty()) {
              draft.set(SecurityGroupRules.REMOTE_IP_PREFIX, prefix(remote));
            }
          });
    }
  }

  private static RemotePrefix prefix(String text) {
    try {
      return RemotePrefix.TYPE.parse(text);
    } catch (InvalidValue e) {
      throw new AssertionError(e);
    }
  }
}
