package org.nucleon.lab;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/**
 * Policies limit and mark what guests send and get: by port and by network, while traffic flows.
 */
@Tag("lab")
@LabScenario
final class TrafficPolicyTest {

  private static final Duration LIMIT = Duration.ofSeconds(20);
  private static final int PORT = 5001;
  private static final int OFFERED = 50;

  private Cloud cloud;
  private Api api;
  private Guest a;
  private Guest b;
  private String red;
  private LabHost h1;
  private LabHost h2;
  private Daemon udp;

  /** Two guests on two hosts, of which one floods the other. */
  private void begin(Lab lab, String driver) {
    h1 = lab.host("h1");
    h2 = lab.host("h2");
    cloud = Cloud.with(lab, "", "[securitygroup]\nfirewall_driver = " + driver, h1, h2);
    api = cloud.api();
    red = cloud.network("red", "10.0.0.0/24");
    String group = api.create("security_group", Map.of("name", "all")).get("id").asString();
    for (String ethertype : List.of("IPv4", "IPv6")) {
      api.create(
          "security_group_rule",
          Map.of("security_group_id", group, "direction", "ingress", "ethertype", ethertype));
    }
    Map<String, ?> grouped = Map.of("security_groups", List.of(group));
    a = cloud.settled(h1, "a", red, grouped);
    b = cloud.settled(h2, "b", red, grouped);
    String address = cloud.address("b");
    Eventually.within(LIMIT, "a reaches b", () -> a.ping(address));

    udp = a.flood(address, PORT, OFFERED, "udp");
    passesFreely();
  }

  @Test
  void guestsGetWhatTheirPoliciesSay(Lab lab) {
    begin(lab, "openvswitch");
    String slow = policy();
    String out = limit(slow, 10_000, "egress");
    give("ports", cloud.port("a"), slow);
    settles("rate=10000 burst_size=8000", h1);
    isLimitedTo(10);
    change(slow, out, 4_000);
    settles("rate=4000 burst_size=3200", h1);
    isLimitedTo(4);
    give("ports", cloud.port("a"), null);
    settlesWithoutMeters(h1);
    passesFreely();

    String shared = policy();
    String in = limit(shared, 10_000, "ingress");
    give("networks", red, shared);
    settles("rate=10000 burst_size=8000", h2);
    isLimitedTo(10);
    udp.kill();
    int[] kbps = new int[1];
    Daemon[] tcp = new Daemon[1];
    kbps[0] = b.weigh(PORT, () -> tcp[0] = a.flood(cloud.address("b"), PORT, OFFERED, "tcp"));
    tcp[0].kill();
    assertThat(kbps[0]).as("TCP, kbit/s").isBetween(5_000, 13_000);
    api.send("DELETE", limits(shared) + "/" + in, Map.of());
    settlesWithoutMeters(h2);

    marks(shared);
  }

  /** What limits and marks is in the switch, whoever filters. */
  @Test
  void soDoGuestsBehindBridges(Lab lab) {
    begin(lab, "iptables_hybrid");
    String slow = policy();
    limit(slow, 10_000, "egress");
    give("ports", cloud.port("a"), slow);
    settles("rate=10000 burst_size=8000", h1);
    isLimitedTo(10);
    String slower = policy();
    limit(slower, 4_000, "ingress");
    give("ports", cloud.port("b"), slower);
    settles("rate=4000 burst_size=3200", h2);
    isLimitedTo(4);
    udp.kill();
    give("ports", cloud.port("b"), null);
    settlesWithoutMeters(h2);
    marks(slow);
  }

  /** Marks are seen on the other host: what a tunnel carries keeps them. */
  private void marks(String policy) {
    try (Capture heard = b.capture(Guest.DEVICE)) {
      reachesByBothVersions();
      heard.await(LIMIT, "an IPv4 packet", frame -> frame.dscp() == 0 && isFromA(frame));
      api.send(
          "POST",
          "/v2.0/qos/policies/" + policy + "/dscp_marking_rules",
          Map.of("dscp_marking_rule", Map.of("dscp_mark", 26)));
      Eventually.within(
          LIMIT,
          "it is marked",
          () -> {
            reachesByBothVersions();
            return heard.frames();
          },
          frames ->
              List.of(Frame.IPV4, Frame.IPV6).stream()
                  .allMatch(version ->
                      frames.stream()
                          .anyMatch(frame ->
                              frame.etherType() == version
                                  && frame.dscp() == 26
                                  && isFromA(frame))));
    }
  }

  private boolean isFromA(Frame frame) {
    return frame
        .sourceMac()
        .equals(api.show("port", cloud.port("a")).get("mac_address").asString());
  }

  private void reachesByBothVersions() {
    a.ping(cloud.address("b"));
    String linkLocal =
        b.machine()
            .exec("sh", "-c", "ip -6 -o addr show dev eth0 scope link | awk '{print $4}'")
            .strip();
    a.ping(linkLocal.substring(0, linkLocal.indexOf('/')) + "%" + Guest.DEVICE);
  }

  private void passesFreely() {
    assertThat(b.weigh(PORT, () -> {})).as("kbit/s without a limit").isGreaterThan(25_000);
  }

  private void isLimitedTo(int mbits) {
    assertThat(b.weigh(PORT, () -> {}))
        .as("kbit/s of %s,000", mbits)
        .isBetween(mbits * 500, mbits * 1_200);
  }

  private void settles(String meter, LabHost host) {
    Eventually.within(LIMIT, meter + " on " + host, () -> meters(host), m -> m.contains(meter));
    assertThat(cloud.difference(host)).contains("no difference");
  }

  private void settlesWithoutMeters(LabHost host) {
    Eventually.within(
        LIMIT, "no meter on " + host, () -> meters(host), meters -> !meters.contains("rate="));
    assertThat(cloud.difference(host)).contains("no difference");
  }

  private static String meters(LabHost host) {
    return host.machine().exec("ovs-ofctl", "-O", "OpenFlow15", "dump-meters", "br-int");
  }

  private String policy() {
    return api.send("POST", "/v2.0/qos/policies", Map.of("policy", Map.of("name", "q")))
        .body()
        .get("policy")
        .get("id")
        .asString();
  }

  private static String limits(String policy) {
    return "/v2.0/qos/policies/" + policy + "/bandwidth_limit_rules";
  }

  private String limit(String policy, int kbps, String direction) {
    return api.send(
            "POST",
            limits(policy),
            Map.of("bandwidth_limit_rule", Map.of("max_kbps", kbps, "direction", direction)))
        .body()
        .get("bandwidth_limit_rule")
        .get("id")
        .asString();
  }

  private void change(String policy, String rule, int kbps) {
    Api.Answer changed =
        api.send(
            "PUT",
            limits(policy) + "/" + rule,
            Map.of("bandwidth_limit_rule", Map.of("max_kbps", kbps)));
    assertThat(changed.status()).isEqualTo(200);
  }

  private void give(String collection, String id, String policy) {
    Map<String, Object> values = new HashMap<>();
    values.put("qos_policy_id", policy);
    Api.Answer given =
        api.send(
            "PUT",
            "/v2.0/" + collection + "/" + id,
            Map.of(collection.substring(0, collection.length() - 1), values));
    assertThat(given.status()).isEqualTo(200);
  }
}
