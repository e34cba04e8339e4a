package org.nucleon.lab;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.nucleon.lab.PacketTable.Row;
import org.nucleon.lab.PacketTable.Seat;
import tools.jackson.databind.JsonNode;

/** One table of packets through each firewall driver: both judge alike, and noop does not judge. */
@Tag("lab")
@LabScenario
final class FirewallTest {

  private static final Duration LIMIT = Duration.ofSeconds(20);
  private static final String SAVED = "iptables-save; ip6tables-save; ipset save";

  private final Map<String, Seat> seats = new LinkedHashMap<>();
  private final Map<String, Capture> captures = new LinkedHashMap<>();
  private Cloud cloud;
  private LabHost host;
  private int sent;

  @Test
  void openvswitch(Lab lab) {
    guests(lab, "openvswitch");
    judges();
    assertThat(host.machine().script(SAVED)).doesNotContain("neutron-openvswi");
  }

  @Test
  void iptablesHybrid(Lab lab) {
    guests(lab, "neutron.agent.linux.iptables_firewall.OVSHybridIptablesFirewallDriver");
    judges();
    assertThat(host.ovs().ofctl("dump-flows", "br-int").lines())
        .as("the switch neither tracks nor knows rules")
        .filteredOn(flow -> flow.contains("ct(") && !flow.contains("n_packets=0"))
        .isEmpty();
    for (String name : seats.keySet()) {
      cloud.api().delete("port", cloud.port(name));
    }
    Eventually.within(
        LIMIT,
        "nothing of removed ports stays",
        () -> host.machine().script(SAVED),
        saved ->
            !saved.contains("tap") && !saved.contains("NETIPv") && !saved.contains("openvswi-g"));
    assertThat(host.machine().script("conntrack -L; conntrack -L -f ipv6")).doesNotContain("zone=");
  }

  /** The switch lets it out with packets of others, by their way. */
  @Test
  @Tag("soak")
  void aFragmentThatWaitsInVainReachesNobody(Lab lab) {
    guests(lab, "openvswitch");
    Frame first = packet("a", "b2").fragments(4000, PacketTable.MARKER, "never sent").getFirst();
    seat("a").guest().send(Guest.DEVICE, first);
    int[] port = {20_000};
    Eventually.within(
        Duration.ofSeconds(90),
        "it comes out",
        () -> {
          String text = "<opening " + ++port[0] + ">";
          seat("a2")
              .guest()
              .send(Guest.DEVICE, packet("a2", "b2").udp(port[0], PacketTable.MARKER, text));
          heard("b2").await(LIMIT, text, frame -> frame.carries(text));
          return host.ovs().ofctl("dump-flows", "br-int");
        },
        flows ->
            flows
                .lines()
                .anyMatch(
                    flow -> flow.contains("ct_state=+inv-trk") && !flow.contains("n_packets=0")));
    for (Capture capture : captures.values()) {
      assertThat(capture.frames()).noneMatch(frame -> frame.hex().equals(first.hex()));
    }
  }

  private Packet packet(String from, String to) {
    return new Packet(seat(from).mac(), seat(to).mac(), seat(from).four(), seat(to).four());
  }

  @Test
  void noop(Lab lab) {
    guests(lab, "noop");
    assertThat(wrong(PacketTable.whole(seats, 0).stream().map(Row::thatPasses).toList())).isEmpty();
  }

  private void judges() {
    assertThat(wrong(PacketTable.whole(seats, sent))).isEmpty();
    for (JsonNode rule :
        cloud.api().list("security_group_rule", Map.of("port_range_min", "5000"))) {
      cloud.api().delete("security_group_rule", rule.get("id").asString());
    }
    Eventually.within(
        LIMIT,
        "the connections of a removed rule end",
        () -> wrong(PacketTable.withoutRule(seats, sent)),
        List::isEmpty);
    assertThat(cloud.difference(host)).contains("no difference");
  }

  /** Sends what rows say, and tells which of them came to another end than they should. */
  private List<Row> wrong(List<Row> rows) {
    sent += 1_000;
    List<Row> batch = new ArrayList<>();
    for (Row row : rows) {
      if (!batch.isEmpty() && !batch.getLast().from().equals(row.from())) {
        send(batch);
        batch.clear();
      }
      batch.add(row);
    }
    send(batch);
    return rows.stream()
        .filter(
            row -> heard(row.to()).heard(frame -> frame.hex().contains(row.hex())) != row.passes())
        .toList();
  }

  /** Rows of one sender, one after the other, until all that arrives of them has arrived. */
  private void send(List<Row> batch) {
    Seat from = seat(batch.getFirst().from());
    List<Frame> frames = new ArrayList<>();
    Set<String> targets = new LinkedHashSet<>();
    for (Row row : batch) {
      frames.addAll(row.frames());
      targets.add(row.to());
    }
    String marker = "<marker " + ++sent + ">";
    for (String to : targets) {
      frames.add(
          new Packet(from.mac(), seat(to).mac(), from.four(), seat(to).four())
              .udp(4000, PacketTable.MARKER, marker));
    }
    from.guest().send(Guest.DEVICE, frames.toArray(Frame[]::new));
    for (String to : targets) {
      heard(to).await(LIMIT, marker, frame -> frame.carries(marker));
    }
  }

  private Seat seat(String name) {
    return java.util.Objects.requireNonNull(seats.get(name));
  }

  private Capture heard(String name) {
    return captures.computeIfAbsent(name, _ -> seat(name).guest().capture(Guest.DEVICE));
  }

  /** The guests that {@link PacketTable} tells of. */
  private void guests(Lab lab, String driver) {
    host = lab.host("h1");
    cloud = Cloud.with(lab, "", "[securitygroup]\nfirewall_driver = " + driver, host);
    String strangers = group("strangers");
    String friends = group("friends");
    String web = group("web");
    String twin = group("twin");
    for (String group : List.of(strangers, friends)) {
      rule(group, "ingress udp 9 9");
      rule(group, "ingress udp 9000 9001");
    }
    for (String group : List.of(web, twin)) {
      silence(group);
      rule(group, "ingress udp 9 9");
      rule(group, "egress udp 9 9");
    }
    rule(web, "ingress tcp 80 89");
    rule(web, "ingress udp 5000 5000");
    rule(web, "ingress udp 68 68");
    rule(web, "ingress udp 546 546");
    rule(web, "ingress 112");
    rule(web, "egress udp 9000 9000");
    for (String version : List.of("IPv4", "IPv6")) {
      boolean isFour = version.equals("IPv4");
      rule(web, version, isFour ? "ingress icmp 8 0" : "ingress icmpv6 128 0", Map.of());
      rule(web, version, "ingress udp 6000 6010", Map.of("remote_group_id", friends));
      String a = isFour ? "10.1.0.10/32" : "fd00:1::10/128";
      rule(web, version, "ingress udp 5100 5100", Map.of("remote_ip_prefix", a));
    }
    String red = network("red");
    String blue = network("blue");
    guest("a", red, strangers, "10", List.of());
    guest("b", red, web, "11", List.of());
    guest("c", red, friends, "12", List.of());
    guest(
        "d",
        red,
        friends,
        "13",
        List.of(
            Map.of("ip_address", "10.1.0.200/30"),
            Map.of("ip_address", "fd00:1::200/126"),
            Map.of("ip_address", "10.1.0.220", "mac_address", PacketTable.PAIR_MAC)));
    guest("a2", blue, twin, "10", List.of());
    guest("b2", blue, twin, "11", List.of());
    seats.keySet().forEach(this::heard);
  }

  private String network(String name) {
    String network = cloud.network(name, "10.1.0.0/24", "vxlan");
    cloud.subnet(network, "fd00:1::/64", Map.of("ip_version", 6, "enable_dhcp", false));
    return network;
  }

  private String group(String name) {
    return cloud.api().create("security_group", Map.of("name", name)).get("id").asString();
  }

  /** Takes away what a new group lets out. */
  private void silence(String group) {
    for (JsonNode rule :
        cloud.api().list("security_group_rule", Map.of("security_group_id", group))) {
      cloud.api().delete("security_group_rule", rule.get("id").asString());
    }
  }

  /** Makes a rule for both versions of IP: direction, protocol, first and last port. */
  private void rule(String group, String what) {
    rule(group, "IPv4", what, Map.of());
    rule(group, "IPv6", what, Map.of());
  }

  private void rule(String group, String version, String what, Map<String, ?> more) {
    String[] words = what.split(" ", -1);
    Map<String, Object> rule = new HashMap<>(more);
    rule.put("security_group_id", group);
    rule.put("ethertype", version);
    rule.put("direction", words[0]);
    rule.put("protocol", words[1]);
    if (words.length > 2) {
      rule.put("port_range_min", Integer.valueOf(words[2]));
      rule.put("port_range_max", Integer.valueOf(words[3]));
    }
    cloud.api().create("security_group_rule", rule);
  }

  private void guest(
      String name, String network, String group, String last, List<Map<String, String>> pairs) {
    String four = "10.1.0." + last;
    String six = "fd00:1::" + last;
    Guest guest =
        cloud.guest(
            host,
            name,
            network,
            Map.of(
                "fixed_ips", List.of(Map.of("ip_address", four), Map.of("ip_address", six)),
                "security_groups", List.of(group),
                "allowed_address_pairs", pairs));
    String mac = cloud.api().show("port", cloud.port(name)).get("mac_address").asString();
    seats.put(name, new Seat(guest, mac, four, six));
  }
}
