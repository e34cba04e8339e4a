package org.nucleon.lab;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

/**
 * Guests route between networks: without port security on their ports alone, for they send what
 * others have sent them. Each way goes through another router.
 */
@Tag("lab")
@LabScenario
final class GuestsAsRoutersTest {

  private static final Duration LIMIT = Duration.ofSeconds(20);
  private static final Map<String, ?> OPEN = Map.of("port_security_enabled", false);

  private Cloud cloud;

  @Test
  void guestsWithoutPortSecurityRouteAndOthersStayProtected(Lab lab) {
    LabHost h1 = lab.host("h1");
    LabHost h2 = lab.host("h2");
    cloud = Cloud.server(lab, "");
    cloud.join("vxlan", h1, h2);
    String left = cloud.network("left", "10.1.0.0/24", "vxlan");
    String right = cloud.network("right", "10.2.0.0/24", "vxlan");
    router(h1, "r1", left, right);
    router(h2, "r2", left, right);
    Map<String, ?> protectedBy = Map.of("security_groups", List.of(group()));
    Guest a = cloud.settled(h1, "a", left, protectedBy);
    Guest b = cloud.settled(h2, "b", right, protectedBy);
    a.machine().exec("ip", "route", "add", "10.2.0.0/24", "via", cloud.address("r1"));
    b.machine().exec("ip", "route", "add", "10.1.0.0/24", "via", cloud.address("r2-right"));
    b.serve(5000, 6000);
    String to = cloud.address("b");

    passes(a, to);
    assertThat(a.tcp(to, 5000)).isEqualTo(Endpoint.Tcp.OPEN);
    assertThat(a.tcp(to, 6000)).as("b's group lets in 5000").isEqualTo(Endpoint.Tcp.FILTERED);
    spoofingIsUpToRouters(a, b);

    for (String port : List.of("r1-right", "r2")) {
      LabHost host = port.startsWith("r1") ? h1 : h2;
      long dropped = dropped(host);
      secure(port, true);
      Eventually.within(LIMIT, "nothing passes " + port, () -> !a.ping(to));
      assertThat(a.tcp(to, 5000)).isEqualTo(Endpoint.Tcp.FILTERED);
      Eventually.within(
          LIMIT, "dropped as spoofed on " + host, () -> dropped(host), now -> now > dropped);
      secure(port, false);
      passes(a, to);
      assertThat(a.tcp(to, 5000)).isEqualTo(Endpoint.Tcp.OPEN);
    }
  }

  private String group() {
    Api api = cloud.api();
    String group = api.create("security_group", Map.of("name", "web")).get("id").asString();
    api.create(
        "security_group_rule",
        Map.of("security_group_id", group, "direction", "ingress", "protocol", "icmp"));
    for (String service : List.of("tcp 5000", "udp 9")) {
      String[] parts = service.split(" ", -1);
      api.create(
          "security_group_rule",
          Map.of(
              "security_group_id",
              group,
              "direction",
              "ingress",
              "protocol",
              parts[0],
              "port_range_min",
              Integer.valueOf(parts[1]),
              "port_range_max",
              Integer.valueOf(parts[1])));
    }
    return group;
  }

  private void router(LabHost host, String name, String left, String right) {
    Guest router = cloud.settled(host, name, left, OPEN);
    JsonNode port =
        cloud
            .api()
            .create(
                "port",
                Map.of(
                    "network_id",
                    right,
                    "name",
                    name + "-right",
                    "binding:host_id",
                    host.name(),
                    "device_owner",
                    "compute:nova",
                    "port_security_enabled",
                    false));
    router.plug(port.get("id").asString(), port.get("mac_address").asString(), "eth1");
    router
        .machine()
        .script(
            """
            ip addr add %s/24 dev eth1
            echo 1 >/proc/sys/net/ipv4/ip_forward
            """
                .formatted(cloud.address(name + "-right")));
    cloud.awaitStatus("port", port.get("id").asString(), "ACTIVE");
  }

  private void secure(String port, boolean secured) {
    cloud.api().update("port", cloud.port(port), Map.of("port_security_enabled", secured));
  }

  private static void passes(Guest guest, String address) {
    Eventually.within(LIMIT, guest + " reaches " + address, () -> guest.ping(address));
  }

  /** What a router may send an end host may not: only its own address comes through. */
  private void spoofingIsUpToRouters(Guest a, Guest b) {
    try (Capture capture = b.capture(Guest.DEVICE)) {
      for (String source : List.of("10.1.0.99", cloud.address("a"))) {
        a.send(
            Guest.DEVICE,
            Frame.text(mac("a"), mac("r1"), source, cloud.address("b"), 9, "I am " + source));
      }
      String own = "I am " + cloud.address("a");
      capture.await(LIMIT, own, frame -> frame.carries(own));
      assertThat(capture.heard(frame -> frame.carries("I am 10.1.0.99"))).isFalse();
    }
  }

  private String mac(String port) {
    return cloud.api().list("port", Map.of("name", port)).getFirst().get("mac_address").asString();
  }

  /** How many IPv4 packets a host has dropped because their sender may not use their source. */
  private static long dropped(LabHost host) {
    return host.ovs()
        .ofctl("dump-flows", "br-int", "table=10,ip")
        .lines()
        .filter(line -> line.contains("actions=drop"))
        .mapToLong(line -> Long.parseLong(line.replaceAll(".*n_packets=(\\d+).*", "$1")))
        .sum();
  }
}
