package org.nucleon.lab;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

/** Guests behind Linux bridges, filtered by iptables; what is on their host stays as it should. */
@Tag("lab")
@LabScenario
final class HybridTest {

  private static final Duration LIMIT = Duration.ofSeconds(30);
  private static final String HYBRID = "[securitygroup]\nfirewall_driver = iptables_hybrid";
  private static final String FOREIGN = "-A FORWARD -p tcp -m tcp --dport 4711 -j DROP";

  private Cloud cloud;

  @Test
  void guestsBehindBridgesAreServedAndStayFiltered(Lab lab) {
    LabHost h1 = lab.host("h1");
    LabHost h2 = lab.host("h2");
    cloud = Cloud.with(lab, "", HYBRID, h1, h2);
    String red = cloud.network("red", "10.1.0.0/24");
    String group = cloud.api().create("security_group", Map.of("name", "g")).get("id").asString();
    rule(group, Map.of("protocol", "icmp"));
    String conversation =
        rule(group, Map.of("protocol", "tcp", "port_range_min", 7000, "port_range_max", 7000));
    String blue = cloud.api().create("network", Map.of("name", "blue")).get("id").asString();
    String router = cloud.api().create("router", Map.of("name", "r")).get("id").asString();
    ipv6(router, red, "2001:db8:1::/64", "slaac");
    ipv6(router, blue, "2001:db8:2::/64", "dhcpv6-stateful");
    Guest a = cloud.guest(h1, "a", red, Map.of("security_groups", List.of(group)));
    a.dhcp();

    // Plugged before it is bound
    JsonNode early =
        cloud
            .api()
            .create(
                "port", Map.of("network_id", red, "name", "b", "security_groups", List.of(group)));
    String id = early.get("id").asString();
    Guest b = h2.guest("b");
    b.plugHybrid(id, early.get("mac_address").asString());
    b.address(cloud.address("b") + "/24");
    assertThat(b.ping(cloud.address("a"))).as("unbound").isFalse();
    JsonNode bound = cloud.api().update("port", id, Map.of("binding:host_id", "h2"));
    assertThat(bound.get("binding:vif_details").get("ovs_hybrid_plug").asBoolean()).isTrue();
    assertThat(bound.get("binding:vif_details").get("port_filter").asBoolean()).isTrue();
    cloud.awaitStatus("port", id, "ACTIVE");
    Eventually.within(LIMIT, "b reaches a", () -> b.ping(cloud.address("a")));
    b.serve(7000, 7001, 7002);
    overIpv6(a, b, group, blue);

    try (Conversation talk = a.talk(cloud.address("b"), 7000)) {
      assertThat(a.tcp(cloud.address("b"), 7001)).isEqualTo(Endpoint.Tcp.FILTERED);
      agentRestarts(h2);
      assertThat(talk.say("after a restart")).isEqualTo("after a restart");
      othersMeddle(h2);
      assertThat(talk.say("after all that")).isEqualTo("after all that");
      assertThat(a.tcp(cloud.address("b"), 7001)).isEqualTo(Endpoint.Tcp.FILTERED);
      cloud.api().delete("security_group_rule", conversation);
      for (int i = 0; talk.say("line " + i) != null; i++) {
        assertThat(i).as("it goes on").isLessThan(1_000_000);
      }
    }

    b.unplug();
    cloud.awaitStatus("port", id, "DOWN");
    Eventually.within(
        LIMIT,
        "nothing of b stays",
        () -> saved(h2),
        rules -> !rules.contains(id.substring(0, 10)));
    assertThat(saved(h2)).contains(FOREIGN);
    otherDriver(h1, a);
  }

  private String rule(String group, Map<String, ?> what) {
    Map<String, Object> rule = new java.util.HashMap<>(what);
    rule.put("security_group_id", group);
    rule.put("direction", "ingress");
    return cloud.api().create("security_group_rule", rule).get("id").asString();
  }

  private void ipv6(String router, String network, String cidr, String mode) {
    String subnet =
        cloud.subnet(
            network,
            cidr,
            Map.of("ip_version", 6, "ipv6_ra_mode", mode, "ipv6_address_mode", mode));
    cloud.api().action("router", router, "add_router_interface", Map.of("subnet_id", subnet));
  }

  /**
   * Two guests configure themselves by what a router advertises, another by DHCPv6. It lets in and
   * out less than they do.
   */
  private void overIpv6(Guest a, Guest b, String group, String network) {
    // Before any rule of theirs lets in what a router says
    String ofA = configured(a);
    String ofB = configured(b);
    rule6(group, "ingress", "ipv6-icmp", Map.of());
    rule6(group, "ingress", "tcp", Map.of("port_range_min", 7000, "port_range_max", 7001));
    String few = cloud.api().create("security_group", Map.of("name", "few")).get("id").asString();
    for (JsonNode rule :
        cloud.api().list("security_group_rule", Map.of("security_group_id", few))) {
      cloud.api().delete("security_group_rule", rule.get("id").asString());
    }
    for (String direction : List.of("ingress", "egress")) {
      rule6(few, direction, "ipv6-icmp", Map.of());
      rule6(few, direction, "tcp", Map.of("port_range_min", 7000, "port_range_max", 7000));
    }
    Guest c = cloud.guest(b.host(), "c", network, Map.of("security_groups", List.of(few)));
    new Dhcp6Client(c).lease();
    c.serve(7000, 7001);
    String ofC = configured(c);
    reaches(a, ofB);
    reaches(b, ofC);
    reaches(c, ofA);
    for (int open : new int[] {7000, 7001}) {
      assertThat(a.tcp(ofB, open)).isEqualTo(Endpoint.Tcp.OPEN);
    }
    assertThat(a.tcp(ofB, 7002)).as("not let in by b").isEqualTo(Endpoint.Tcp.FILTERED);
    assertThat(c.tcp(ofB, 7000)).isEqualTo(Endpoint.Tcp.OPEN);
    assertThat(c.tcp(ofB, 7001)).as("not let out of c").isEqualTo(Endpoint.Tcp.FILTERED);
    for (Guest from : List.of(a, b)) {
      assertThat(from.tcp(ofC, 7000)).isEqualTo(Endpoint.Tcp.OPEN);
      assertThat(from.tcp(ofC, 7001)).as("not let in by c").isEqualTo(Endpoint.Tcp.FILTERED);
    }
  }

  private String configured(Guest guest) {
    String address = Ipv6Addresses.of(cloud, guest.name()).getFirst();
    Ipv6Addresses.await(guest, address);
    return address;
  }

  private static void reaches(Guest from, String address) {
    Eventually.within(LIMIT, from + " reaches " + address, () -> from.ping(address));
  }

  private void rule6(String group, String direction, String protocol, Map<String, ?> more) {
    Map<String, Object> rule = new java.util.HashMap<>(more);
    rule.put("security_group_id", group);
    rule.put("direction", direction);
    rule.put("ethertype", "IPv6");
    rule.put("protocol", protocol);
    cloud.api().create("security_group_rule", rule);
  }

  /** What is right is left alone. */
  private void agentRestarts(LabHost host) {
    awaitRight(host);
    Watchers watchers = Watchers.on(host);
    cloud.agent(host).kill();
    cloud.agent(host).awaitEnd();
    cloud.startAgent(host);
    awaitRight(host);
    cloud.awaitAlive(host);
    assertThat(watchers.changes()).isEmpty();
  }

  /** Rules of others stay; what others do to ours, and to what leads there, is put right. */
  private void othersMeddle(LabHost host) {
    for (String program : List.of("iptables", "ip6tables")) {
      String before = saved(host, program);
      String chain =
          before
              .lines()
              .filter(line -> line.startsWith(":neutron-openvswi-i"))
              .findFirst()
              .orElseThrow();
      String led = "/proc/sys/net/bridge/bridge-nf-call-" + program;
      host.machine()
          .script(
              """
              %1$s %2$s
              %1$s -F %3$s
              %1$s -D FORWARD -j neutron-openvswi-FORWARD
              echo 0 >%4$s
              """
                  .formatted(program, FOREIGN, chain.substring(1).split(" ", 2)[0], led));
      Eventually.within(
          LIMIT,
          "all of " + program + " is as it was",
          () ->
              saved(host, program).lines().filter(line -> !line.equals(FOREIGN)).sorted().toList(),
          now -> now.equals(before.lines().sorted().toList()));
      Eventually.within(
          LIMIT,
          "bridged packets are led to " + program,
          () -> host.machine().exec("cat", led).equals("1"));
      assertThat(saved(host, program)).contains(FOREIGN);
    }
    awaitRight(host);
  }

  /** With another driver the switch filters where the guest is plugged; chains and sets go. */
  private void otherDriver(LabHost host, Guest guest) {
    cloud.agent(host).terminate();
    cloud.agent(host).awaitEnd();
    cloud.configure(host, host.tunnelAddress(), "vxlan", "");
    cloud.startAgent(host);
    awaitRight(host);
    assertThat(saved(host)).doesNotContain("neutron-openvswi");
    assertThat(guest.dhcpAnswers()).isTrue();
  }

  private void awaitRight(LabHost host) {
    Eventually.within(
        LIMIT,
        "nothing differs on " + host,
        () -> cloud.difference(host),
        difference -> difference.contains("no difference"));
  }

  private static String saved(LabHost host) {
    return saved(host, "iptables");
  }

  private static String saved(LabHost host, String program) {
    return host.machine()
        .exec(program + "-save")
        .lines()
        .filter(line -> !line.startsWith("#"))
        .collect(java.util.stream.Collectors.joining("\n"));
  }
}
