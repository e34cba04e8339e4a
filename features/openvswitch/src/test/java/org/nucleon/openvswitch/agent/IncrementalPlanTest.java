package org.nucleon.openvswitch.agent;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.nucleon.agent.api.Facts;
import org.nucleon.agent.api.Facts.FactKey;
import org.nucleon.agent.api.Group;
import org.nucleon.agent.api.Item;
import org.nucleon.core.net.IpAddress;
import org.nucleon.core.net.IpPrefix;
import org.nucleon.core.net.MacAddress;
import org.nucleon.core.resource.Resource;
import org.nucleon.core.schema.ResourceType;
import org.nucleon.core.state.Change;
import org.nucleon.core.state.Picture;
import org.nucleon.host.iptables.Ip;
import org.nucleon.host.iptables.Rule;
import org.nucleon.ml2.api.Provider;
import org.nucleon.ml2.api.Segment;
import org.nucleon.network.api.Agents;
import org.nucleon.network.api.Binding;
import org.nucleon.network.api.DeviceOwner;
import org.nucleon.network.api.Networks;
import org.nucleon.network.api.Ports;
import org.nucleon.openvswitch.agent.iptables.AddressSetItem;
import org.nucleon.openvswitch.agent.iptables.FilterItem;
import org.nucleon.openvswitch.agent.iptables.FilterNames;
import org.nucleon.openvswitch.api.FirewallDriver;
import org.nucleon.securitygroup.api.AddressPair;
import org.nucleon.securitygroup.api.Direction;
import org.nucleon.securitygroup.api.PortSecurity;
import org.nucleon.securitygroup.api.SecurityGroupRules;
import org.nucleon.securitygroup.api.SecurityGroups;

/** Planning what a change affects gives what planning everything anew would. */
final class IncrementalPlanTest {

  private static SwitchSettings settings(FirewallDriver firewall) {
    return new SwitchSettings(
        "br-int",
        "br-tun",
        Map.of("physnet", "br-ex"),
        IpAddress.parse("192.0.2.1"),
        Set.of("vxlan", "gre"),
        "netdev",
        firewall);
  }

  private final Cloud cloud = new Cloud();
  private Facts facts = Facts.none(Cloud.HERE);
  private Random random = new Random();

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16})
  void incrementalIsFull(long seed) {
    random = new Random(seed);
    Map<String, Integer> numbers = new HashMap<>();
    FirewallDriver firewall =
        seed % 2 == 0 ? FirewallDriver.IPTABLES_HYBRID : FirewallDriver.OPENVSWITCH;
    SwitchPlanner planner =
        new SwitchPlanner(Cloud.HERE, settings(firewall), List.of(new NamedConditions()));
    Planned kept = Planned.all(planner, numbers, cloud.picture(), facts);
    for (int step = 0; step < 150; step++) {
      Picture before = cloud.picture();
      Facts factsBefore = facts;
      int changes = 1 + random.nextInt(3);
      for (int i = 0; i < changes; i++) {
        change();
      }
      Set<Group> affected = new HashSet<>();
      for (Change change : compact(cloud.takeChanges())) {
        planner.affected(change, before, cloud.picture(), affected::add);
      }
      for (FactKey key : differing(factsBefore, facts)) {
        planner.affected(key, cloud.picture(), affected::add);
      }
      affected.forEach(group -> kept.plan(group, cloud.picture(), facts));
      Planned full = Planned.all(planner, numbers, cloud.picture(), facts);
      assertThat(kept.byKey().values())
          .as("step %d of seed %d", step, seed)
          .containsExactlyInAnyOrderElementsOf(full.byKey().values());
      leadsNowhereUnplanned(full.byKey().values());
      assertThat(kept.reports).isEqualTo(full.reports);
      assertThat(kept.refused).isEqualTo(full.refused);
    }
  }

  /** iptables refuses rules that lead to chains or name sets that are not there. */
  private static void leadsNowhereUnplanned(Collection<Item> items) {
    Set<String> there = new HashSet<>(Set.of("ACCEPT", "DROP", "RETURN", "CT"));
    Set<String> asked = new HashSet<>();
    for (Item item : items) {
      switch (item) {
        case FilterItem.Chain chain -> {
          there.add(chain.version() + chain.chain());
          chain.rules().forEach(rule -> asked(chain.version(), rule, asked));
        }
        case FilterItem.Jump jump -> {
          asked(jump.version(), jump.rule(), asked);
          if (FilterNames.isOurs(jump.chain())) {
            asked.add(jump.version() + jump.chain());
          }
        }
        case AddressSetItem.AddressSet set -> there.add(set.set());
        case AddressSetItem.Member member -> asked.add(member.set());
        default -> {}
      }
    }
    assertThat(there).containsAll(asked);
  }

  private static void asked(Ip version, Rule rule, Set<String> asked) {
    String target = rule.value("-j");
    String set = rule.value("--match-set");
    if (target != null) {
      asked.add(FilterNames.isOurs(target) ? version + target : target);
    }
    if (set != null) {
      asked.add(set.split(" ", 2)[0]);
    }
  }

  /** A change set tells of each resource once. */
  private static List<Change> compact(List<Change> changes) {
    Map<UUID, Change> last = new HashMap<>();
    for (Change change : changes) {
      Change earlier = last.remove(change.id());
      Resource before = earlier == null ? change.before() : earlier.before();
      if (before != null || change.after() != null) {
        last.put(change.id(), new Change(change.type(), change.id(), before, change.after()));
      }
    }
    return List.copyOf(last.values());
  }

  private static Set<FactKey> differing(Facts one, Facts other) {
    return Stream.concat(one.byKind().keySet().stream(), other.byKind().keySet().stream())
        .flatMap(kind -> other.changedSince(one, kind).stream())
        .collect(Collectors.toSet());
  }

  private UUID id() {
    return new UUID(random.nextLong(), random.nextLong());
  }

  private <T> T any(List<T> choices) {
    return choices.get(random.nextInt(choices.size()));
  }

  private UUID any(ResourceType type) {
    List<Resource> all = new ArrayList<>(cloud.picture().all(type));
    return all.isEmpty() ? null : any(all).id();
  }

  private String ip() {
    return "10.0.0." + (1 + random.nextInt(6));
  }

  private List<String> hosts() {
    return java.util.stream.Stream.of(host(), host())
        .filter(host -> !host.isEmpty())
        .distinct()
        .sorted()
        .toList();
  }

  private String host() {
    return any(List.of(Cloud.HERE, Cloud.HERE, Cloud.THERE, "elsewhere", ""));
  }

  private void change() {
    UUID network = any(Networks.NETWORK);
    UUID port = any(Ports.PORT);
    UUID group = any(SecurityGroups.SECURITY_GROUP);
    UUID rule = any(SecurityGroupRules.RULE);
    switch (random.nextInt(16)) {
      case 0 -> newNetwork();
      case 1, 2, 3 -> {
        if (network != null) {
          newPort(network, group);
        }
      }
      case 4 -> {
        if (port != null) {
          cloud.delete(Ports.PORT, port);
        }
      }
      case 5, 6 -> {
        if (port != null) {
          changePort(port, group);
        }
      }
      case 7 -> cloud.group(id());
      case 8, 9 -> {
        if (group != null) {
          newRule(group);
        }
      }
      case 10 -> {
        if (rule != null) {
          cloud.delete(SecurityGroupRules.RULE, rule);
        }
      }
      case 11 -> changeHost();
      case 12 -> changeJoining();
      case 13 -> {
        if (network != null) {
          cloud.update(Networks.NETWORK, network, draft -> draft.set(Networks.NAME, conditions()));
        }
      }
      case 14 -> {
        if (port != null) {
          cloud.update(Ports.PORT, port, draft -> draft.set(Ports.NAME, conditions()));
        }
      }
      default -> {
        if (port != null) {
          changeInterface(port);
        }
      }
    }
  }

  private String conditions() {
    return any(List.of("", "0 0 0", "10 0 0", "0 20 0", "10 20 26", "0 0 8"));
  }

  /** As on a server, no segment twice. */
  private void newNetwork() {
    int segment = cloud.picture().all(Networks.NETWORK).size() + 100 + 1000 * random.nextInt(3);
    String physical = any(List.of("physnet", "unknown"));
    boolean isFlatTaken =
        cloud.picture().all(Networks.NETWORK).stream()
            .flatMap(network -> Provider.segments(network).stream())
            .anyMatch(taken -> taken.equals(new Segment("flat", physical, null)));
    switch (random.nextInt(8)) {
      case 0 -> cloud.network(id(), "local", null, null);
      case 3 -> cloud.network(id(), any(List.of("gre", "geneve")), null, segment);
      case 4, 5 ->
          cloud.network(
              id(),
              new Segment("vlan", any(List.of("physnet", "other")), segment),
              new Segment(any(List.of("gre", "geneve")), null, segment),
              new Segment("vxlan", null, segment));
      case 1 ->
          cloud.network(id(), isFlatTaken ? "local" : "flat", isFlatTaken ? null : physical, null);
      case 2 -> cloud.network(id(), "vlan", "physnet", segment);
      default -> cloud.network(id(), "vxlan", null, segment);
    }
  }

  /** As on a server, no address and no MAC address twice on a network. */
  private void newPort(UUID network, UUID group) {
    String ip = ip();
    boolean isTaken =
        PortSpec.onNetwork(cloud.picture(), network).stream()
            .anyMatch(port -> port.addresses().contains(IpAddress.parse(ip)));
    if (!isTaken) {
      String mac =
          "fa:16:3e:%02x:%02x:%02x"
              .formatted(random.nextInt(256), random.nextInt(256), random.nextInt(256));
      UUID[] groups = group == null ? new UUID[0] : new UUID[] {group};
      UUID id = cloud.port(id(), network, host(), mac, ip, groups);
      if (random.nextInt(4) == 0) {
        cloud.update(
            Ports.PORT,
            id,
            draft ->
                draft.set(
                    Ports.DEVICE_OWNER,
                    any(List.of(DeviceOwner.DHCP, DeviceOwner.ROUTER_INTERFACE))));
      }
    }
  }

  private void changePort(UUID port, UUID group) {
    cloud.update(
        Ports.PORT,
        port,
        draft -> {
          switch (random.nextInt(8)) {
            case 0 -> Cloud.bind(draft, host());
            case 6 -> draft.set(Binding.TARGETS, hosts());
            case 1 -> draft.set(Ports.ADMIN_STATE_UP, random.nextBoolean());
            case 2 -> draft.set(PortSecurity.ENABLED, random.nextBoolean());
            case 3 ->
                draft.set(
                    PortSecurity.ADDRESS_PAIRS,
                    List.of(
                        new AddressPair(
                            IpPrefix.parse(any(List.of(ip(), "10.9.0.0/16", "0.0.0.0/0"))),
                            any(
                                java.util.Arrays.asList(
                                    null, MacAddress.parse("00:00:5e:00:01:01"))))));
            case 4 ->
                draft.set(Ports.PENDING, random.nextBoolean() ? List.of() : List.of("switch"));
            case 5 -> draft.set(Ports.NAME, "another " + random.nextInt());
            default ->
                draft.set(SecurityGroups.OF_PORT, group == null ? List.of() : List.of(group));
          }
        });
  }

  private void newRule(UUID group) {
    cloud.rule(
        id(),
        group,
        any(List.of(Direction.values())),
        draft -> {
          if (random.nextBoolean()) {
            draft.set(SecurityGroupRules.REMOTE_GROUP_ID, any(SecurityGroups.SECURITY_GROUP));
          }
        });
  }

  private void changeHost() {
    String name = any(List.of(Cloud.THERE, "elsewhere"));
    UUID id = UUID.nameUUIDFromBytes(name.getBytes(UTF_8));
    if (cloud.picture().find(Agents.AGENT, id).isPresent() && random.nextInt(3) == 0) {
      cloud.delete(Agents.AGENT, id);
      return;
    }
    cloud.host(
        name,
        any(java.util.Arrays.asList("192.0.2.2", "192.0.2.3", "2001:db8::2", null)),
        any(List.of(Map.of(), Map.of("physnet", "br-ex"), Map.of("other", "br-ex"))),
        any(
            List.of(
                new String[] {"vxlan"}, new String[] {"gre", "vxlan"}, new String[] {"geneve"})));
  }

  private void changeJoining() {
    Map<String, JoiningPort> joining = new HashMap<>();
    long ofport = 1000;
    for (String name :
        List.of(
            "patch-tun",
            "patch-int",
            SwitchSettings.intPatch("br-ex"),
            SwitchSettings.phyPatch("br-ex"),
            "vxlan-c0000202",
            "gre-c0000202",
            "vxlan-c0000203")) {
      ofport++;
      if (random.nextInt(4) > 0) {
        joining.put(name, new JoiningPort(name, ofport + random.nextInt(2) * 100L));
      }
    }
    facts = facts.with(JoiningPort.KIND, joining);
  }

  private void changeInterface(UUID port) {
    Map<String, SwitchInterface> interfaces = new HashMap<>();
    facts
        .byKind()
        .getOrDefault(SwitchInterface.KIND, Map.of())
        .forEach((id, fact) -> interfaces.put(id, (SwitchInterface) fact));
    String changed = port.toString();
    if (interfaces.remove(changed) == null || random.nextBoolean()) {
      long ofport = 1;
      for (SwitchInterface one : interfaces.values()) {
        ofport = Math.max(ofport, one.ofport() + 1);
      }
      interfaces.put(
          changed,
          new SwitchInterface(
              random.nextBoolean() ? "qvo" + changed.substring(0, 11) : "tap" + ofport,
              ofport,
              random.nextBoolean(),
              Map.of()));
    }
    facts = facts.with(SwitchInterface.KIND, interfaces);
  }
}
