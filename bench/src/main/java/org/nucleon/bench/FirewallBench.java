package org.nucleon.bench;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.nucleon.lab.Cloud;
import org.nucleon.lab.Daemon;
import org.nucleon.lab.Eventually;
import org.nucleon.lab.Guest;
import org.nucleon.lab.Lab;
import org.nucleon.lab.LabHost;
import tools.jackson.databind.JsonNode;

/**
 * How long it takes until guests feel a rule of a group of 100 ports, all on one host: one pings
 * another every 2 ms, and the rule lets it or not.
 *
 * @param driver the host's {@code firewall_driver}
 */
record FirewallBench(String driver) {

  private static final int PORTS = 100;
  private static final int WARM_UP = 5;
  private static final int TIMES = 30;
  private static final Duration LIMIT = Duration.ofSeconds(60);
  private static final long QUIET = TimeUnit.MILLISECONDS.toNanos(500);
  private static final Pattern ANSWER =
      Pattern.compile("\\[(\\d+)\\.(\\d{6})\\] \\d+ bytes from .*time=");

  /** Measures. */
  void run() {
    try (Lab lab = Lab.open()) {
      LabHost host = lab.host("h1");
      try (Cloud cloud =
          Cloud.with(lab, "", "[securitygroup]\nfirewall_driver = " + driver, host)) {
        measure(cloud, host);
      }
    }
  }

  private void measure(Cloud cloud, LabHost host) {
    cloud.unlimited("port");
    String network = cloud.network("red", "10.1.0.0/24", "vxlan");
    String group = cloud.api().create("security_group", Map.of("name", "g")).get("id").asString();
    Map<String, ?> grouped = Map.of("security_groups", List.of(group));
    Guest a = cloud.settled(host, "a", network, grouped);
    cloud.settled(host, "b", network, grouped);
    for (int i = 2; i < PORTS; i++) {
      port(cloud, host, network, group);
    }
    Eventually.within(
        LIMIT,
        "nothing differs",
        () -> cloud.difference(host),
        difference -> difference.contains("no difference"));
    Daemon ping = a.machine().start("ping", "ping", "-n", "-D", "-i", "0.002", cloud.address("b"));
    rules(cloud, group, ping, WARM_UP, "warming up: ");
    rules(cloud, group, ping, TIMES, driver + ", group of " + PORTS + " ports here: ");
  }

  /** A port that nobody uses, plugged as its host wants it, but for the bridge. */
  private void port(Cloud cloud, LabHost host, String network, String group) {
    Map<String, Object> attributes = new HashMap<>();
    attributes.put("network_id", network);
    attributes.put("binding:host_id", host.name());
    attributes.put("device_owner", "compute:nova");
    attributes.put("security_groups", List.of(group));
    JsonNode port = cloud.api().create("port", attributes);
    String id = port.get("id").asString();
    boolean isHybrid = port.get("binding:vif_details").get("ovs_hybrid_plug").asBoolean();
    String device = (isHybrid ? "qvo" : "tap") + id.substring(0, 11);
    host.machine()
        .script(
            "ip link add %1$s type veth peer name x%2$s\nip link set %1$s up"
                .formatted(device, id.substring(0, 11)));
    host.ovs().addPort("br-int", device, "iface-id=" + id, "iface-status=active");
  }

  private static void rules(Cloud cloud, String group, Daemon ping, int times, String what) {
    Figures added = Figures.of(what + "rule answered to first ping answered");
    Figures removed = Figures.of(what + "removal answered to last ping answered");
    Map<String, ?> icmp =
        Map.of("security_group_id", group, "direction", "ingress", "protocol", "icmp");
    for (int i = 0; i < times; i++) {
      long before = answers(ping).size();
      String rule = cloud.api().create("security_group_rule", icmp).get("id").asString();
      long answered = now();
      Eventually.within(LIMIT, "a ping is answered", () -> answers(ping).size() > before);
      added.add(answered, Math.max(answered, answers(ping).get((int) before)));
      cloud.api().delete("security_group_rule", rule);
      answered = now();
      removed.add(answered, Math.max(answered, last(ping)));
    }
    added.print();
    removed.print();
  }

  /** The last answer, once there was none for a while. */
  private static long last(Daemon ping) {
    List<Long> before;
    List<Long> after = answers(ping);
    do {
      before = after;
      LockSupport.parkNanos(QUIET);
      after = answers(ping);
    } while (after.size() > before.size());
    return after.getLast();
  }

  /** When pings were answered, in nanoseconds. */
  private static List<Long> answers(Daemon ping) {
    List<Long> times = new ArrayList<>();
    Matcher answer = ANSWER.matcher(ping.log());
    while (answer.find()) {
      times.add(
          TimeUnit.SECONDS.toNanos(Long.parseLong(answer.group(1)))
              + TimeUnit.MICROSECONDS.toNanos(Long.parseLong(answer.group(2))));
    }
    return times;
  }

  private static long now() {
    Instant now = Instant.now();
    return TimeUnit.SECONDS.toNanos(now.getEpochSecond()) + now.getNano();
  }
}
