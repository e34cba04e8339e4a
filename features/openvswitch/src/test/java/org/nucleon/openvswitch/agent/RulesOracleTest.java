package org.nucleon.openvswitch.agent;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.nucleon.core.net.IpAddress;
import org.nucleon.core.net.IpPrefix;
import org.nucleon.host.openflow.Bits;
import org.nucleon.host.openflow.Field;
import org.nucleon.network.api.Ports;
import org.nucleon.securitygroup.api.Direction;
import org.nucleon.securitygroup.api.Ethertype;
import org.nucleon.securitygroup.api.Protocol;
import org.nucleon.securitygroup.api.RemotePrefix;
import org.nucleon.securitygroup.api.SecurityGroupRules;
import org.nucleon.securitygroup.api.SecurityGroups;

/** What flows let pass is what rules say, whatever the rules (OSSA-2019-001, OSSA-2019-002). */
final class RulesOracleTest extends OnPaper {

  private static final String FROM_OPEN = "10.0.0.3";
  private static final List<Integer> BOUNDS = List.of(1, 2, 21, 22, 23, 80, 1023, 1024, 65_535);

  private Random random = new Random();

  private record Rule(
      @Nullable String protocol,
      @Nullable Integer min,
      @Nullable Integer max,
      @Nullable IpPrefix prefix,
      @Nullable UUID remote) {}

  private <T> T any(List<T> choices) {
    return choices.get(random.nextInt(choices.size()));
  }

  private Rule rule() {
    String protocol = any(Arrays.asList(null, "tcp", "tcp", "udp", "udp", "icmp", "6", "gre"));
    Integer min = null;
    Integer max = null;
    if (protocol != null
        && List.of("tcp", "udp", "6").contains(protocol)
        && random.nextInt(4) > 0) {
      min = any(BOUNDS);
      max = any(BOUNDS);
      if (min > max) {
        Integer kept = min;
        min = max;
        max = kept;
      }
    } else if ("icmp".equals(protocol) && random.nextBoolean()) {
      min = any(List.of(0, 8));
      max = random.nextBoolean() ? null : (Integer) 0;
    }
    return switch (random.nextInt(3)) {
      case 0 -> new Rule(protocol, min, max, null, null);
      case 1 ->
          new Rule(
              protocol,
              min,
              max,
              IpPrefix.parse(
                  any(List.of("10.0.0.1/32", "10.0.0.0/30", "10.0.0.2/31", "0.0.0.0/0"))),
              null);
      default -> new Rule(protocol, min, max, null, any(List.of(web, db, id("third"))));
    };
  }

  /** What rules say of a packet to b; written without regard to flows. */
  private static boolean passes(
      List<Rule> rules, Map<UUID, List<String>> members, Map<Field, Bits> frame, String source) {
    return rules.stream().anyMatch(rule -> isOf(rule, members, source) && isAbout(rule, frame));
  }

  private static boolean isOf(Rule rule, Map<UUID, List<String>> members, String source) {
    return (rule.prefix() == null || rule.prefix().contains(IpAddress.parse(source)))
        && (rule.remote() == null
            || members.getOrDefault(rule.remote(), List.of()).contains(source));
  }

  private static boolean isAbout(Rule rule, Map<Field, Bits> frame) {
    if (rule.protocol() == null) {
      return true;
    }
    long number = frame.get(Field.IP_PROTO).low();
    if (protocol(rule.protocol()).number() != number) {
      return false;
    }
    if (rule.min() == null) {
      return true;
    }
    if (number == Protocol.ICMP) {
      return frame.get(Field.ICMP_TYPE).low() == rule.min()
          && (rule.max() == null
              || frame.getOrDefault(Field.ICMP_CODE, Bits.ZERO).low() == rule.max());
    }
    long port = frame.get(number == Protocol.TCP ? Field.TCP_DST : Field.UDP_DST).low();
    return port >= rule.min() && port <= rule.max();
  }

  private void add(UUID group, UUID rule, Rule what) {
    cloud.rule(
        rule,
        group,
        Direction.INGRESS,
        draft ->
            draft
                .set(
                    SecurityGroupRules.PROTOCOL,
                    what.protocol() == null ? null : protocol(what.protocol()))
                .set(SecurityGroupRules.PORT_RANGE_MIN, what.min())
                .set(SecurityGroupRules.PORT_RANGE_MAX, what.max())
                .set(
                    SecurityGroupRules.REMOTE_IP_PREFIX,
                    what.prefix() == null ? null : RemotePrefix.of(what.prefix()))
                .set(SecurityGroupRules.REMOTE_GROUP_ID, what.remote()));
  }

  private Map<Field, Bits> frame(String mac, String source, int turn) {
    int port = random.nextBoolean() ? any(BOUNDS) : 1 + random.nextInt(65_535);
    return switch (random.nextInt(4)) {
      case 0 -> Frames.tcp(mac, B, source, IP_B, 10_000 + turn, port);
      case 1 -> Frames.udp(mac, B, source, IP_B, 10_000 + turn, port);
      case 2 -> Frames.icmp(mac, B, source, IP_B, any(List.of(0, 8, 13)));
      default -> Frames.ipv4(mac, B, source, IP_B, any(List.of(47, 50)));
    };
  }

  /** Any set of overlapping rules, over two groups of the port, and any packet. */
  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12})
  void flowsAgreeWithTheRules(long seed) {
    random = new Random(seed);
    cloud.delete(SecurityGroupRules.RULE, id("ssh"));
    UUID third = cloud.group(id("third"));
    cloud.update(Ports.PORT, b, draft -> draft.set(SecurityGroups.OF_PORT, List.of(db, third)));
    cloud.update(
        Ports.PORT,
        id("open"),
        draft ->
            draft.set(SecurityGroups.OF_PORT, random.nextBoolean() ? List.of(third) : List.of()));
    Map<UUID, List<String>> members = new HashMap<>();
    members.put(web, List.of(IP_A, IP_REMOTE));
    members.put(db, List.of(IP_B, "203.0.113.6", IP_A)); // the twin has a's address
    List<String> thirds = new ArrayList<>(List.of(IP_B));
    if (!cloud.picture().get(Ports.PORT, id("open")).get(SecurityGroups.OF_PORT).isEmpty()) {
      thirds.add(FROM_OPEN);
    }
    members.put(third, thirds);
    Map<UUID, Rule> rules = new HashMap<>();
    for (int round = 0; round < 12; round++) {
      UUID id = new UUID(random.nextLong(), random.nextLong());
      Rule rule = rule();
      rules.put(id, rule);
      add(random.nextBoolean() ? db : third, id, rule);
      if (random.nextInt(4) == 0) {
        UUID gone = any(List.copyOf(rules.keySet()));
        rules.remove(gone);
        cloud.delete(SecurityGroupRules.RULE, gone);
      }
      replan();
      assertThat(planned.refused).isEmpty();
      for (int packet = 0; packet < 60; packet++) {
        boolean fromA = random.nextBoolean();
        String source = fromA ? IP_A : FROM_OPEN;
        Map<Field, Bits> frame = frame(fromA ? A : OPEN, source, round * 60 + packet);
        boolean expected = passes(List.copyOf(rules.values()), members, frame, source);
        assertThat(send(fromA ? PORT_A : PORT_OPEN, frame).equals(List.of(PORT_B)))
            .as("%s by %s", frame, rules.values())
            .isEqualTo(expected);
      }
    }
  }

  /** Each protocol, range, direction and version of IP: nothing makes a port unplannable. */
  @Test
  void everyRuleIsPlannedOrLeftOut() {
    List<String> protocols = new ArrayList<>(GRID);
    protocols.addFirst(null);
    int count = 0;
    for (String protocol : protocols) {
      for (List<Integer> range : RANGES) {
        for (Direction direction : Direction.values()) {
          for (Ethertype ethertype : Ethertype.values()) {
            count++;
            cloud.rule(
                id("grid" + count),
                web,
                direction,
                draft ->
                    draft
                        .set(
                            SecurityGroupRules.PROTOCOL,
                            protocol == null ? null : protocol(protocol))
                        .set(SecurityGroupRules.PORT_RANGE_MIN, range.get(0))
                        .set(SecurityGroupRules.PORT_RANGE_MAX, range.get(1))
                        .set(SecurityGroupRules.ETHERTYPE, ethertype));
          }
        }
      }
    }
    replan();
    assertThat(planned.refused).isEmpty();
    // nothing that is left out widens what passes: without the rules of any and of tcp
    cloud.picture().list(SecurityGroupRules.SECURITY_GROUP_ID, web).stream()
        .filter(rule ->
            rule.find(SecurityGroupRules.PROTOCOL)
                .filter(p -> p.number() != 0 && p.number() != Protocol.TCP)
                .isEmpty())
        .toList()
        .forEach(rule -> cloud.delete(SecurityGroupRules.RULE, rule.id()));
    replan();
    droppedIn(Pipeline.INGRESS_RULES, PORT_OPEN, Frames.tcp(OPEN, A, FROM_OPEN, IP_A, 1, 22));
    assertThat(send(PORT_OPEN, Frames.udp(OPEN, A, FROM_OPEN, IP_A, 1, 22)))
        .containsExactly(PORT_A);
  }

  static final List<String> GRID =
      List.of(
          "ah",
          "dccp",
          "egp",
          "esp",
          "gre",
          "hopopt",
          "icmp",
          "icmpv6",
          "igmp",
          "ip",
          "ipip",
          "ipv6-encap",
          "ipv6-frag",
          "ipv6-icmp",
          "ipv6-nonxt",
          "ipv6-opts",
          "ipv6-route",
          "ospf",
          "pgm",
          "rsvp",
          "sctp",
          "tcp",
          "udp",
          "udplite",
          "vrrp",
          "0",
          "6",
          "255");

  static final List<List<Integer>> RANGES =
      List.of(
          Arrays.asList(null, null),
          Arrays.asList(22, null),
          Arrays.asList(null, 22),
          List.of(0, 0),
          List.of(8, 0),
          List.of(22, 22),
          List.of(1, 65_535),
          List.of(1023, 1025),
          List.of(80, 22),
          List.of(256, 256));
}
