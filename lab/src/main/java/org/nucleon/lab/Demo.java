package org.nucleon.lab;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import tools.jackson.databind.JsonNode;

/** The main job, seen: a small cloud is made through the API, and packets show that it works. */
public final class Demo {

  private static final String FLOATING = "203.0.113.50";
  private static final int PORT = 8080;

  /** The stage ANTI_SPOOF of the switch's pipeline. */
  private static final String ANTI_SPOOF = "table=10";

  private static final Pattern DROPPED = Pattern.compile("n_packets=(\\d+).*actions=drop");

  private static final Duration HEARD = Duration.ofSeconds(5);

  private final Lab lab;
  private int checked;
  private int failed;

  Demo(Lab lab) {
    this.lab = lab;
  }

  /**
   * Runs the demo; the exit status is 0 if every check held.
   *
   * @param arguments {@code --keep} leaves the lab running afterwards
   */
  public static void main(String[] arguments) throws Exception {
    boolean keep = List.of(arguments).contains("--keep");
    int failed;
    try (Lab lab = Lab.open()) {
      Demo demo = new Demo(lab);
      long start = System.nanoTime();
      try {
        failed = demo.run();
      } catch (Exception | AssertionError e) {
        System.out.println(lab.report());
        throw e;
      }
      System.out.printf(
          "%n%d checks, %d failed, %.1f s%n",
          demo.checked, failed, (System.nanoTime() - start) / 1e9);
      if (failed > 0) {
        System.out.println(lab.report());
      }
      if (keep) {
        lab.publish();
        System.out.println(
            """
            The lab goes on until ./nucleon lab stop. Worth trying:
              ./nucleon lab shell controller          then: openstack port list
              ./nucleon lab exec a ping -c 3 198.51.100.10
              ./nucleon lab exec h1 ovs-ofctl -O OpenFlow15 --names dump-flows br-int\
            """);
        Thread.currentThread().join();
      }
    }
    System.exit(failed == 0 ? 0 : 1);
  }

  /** Runs every step; how many checks failed. */
  int run() throws Exception {
    LabHost h1 =
        step("a host with Open vSwitch, and the internet", () -> lab.hostWithExternal("h1"));
    LabHost h2 = step("a second host", () -> lab.hostWithExternal("h2"));
    Cloud cloud = step("a server, and an agent on each host", () -> Cloud.on(lab, h1, h2));
    if (failed > 0) {
      return failed; // nothing more can be shown
    }
    Api api = cloud.api();
    String external = step("an external network (flat)", cloud::externalNetwork);
    String red =
        step("tenant network red, 10.1.0.0/24 (VXLAN)", () -> cloud.network("red", "10.1.0.0/24"));
    String blue =
        step(
            "tenant network blue, 10.2.0.0/24 (VXLAN)", () -> cloud.network("blue", "10.2.0.0/24"));
    String router =
        step("a router with a gateway and both subnets", () -> router(api, external, red, blue));
    String group = step("a security group that lets in ping and UDP 9999", () -> group(api));
    Map<String, ?> grouped = Map.of("security_groups", List.of(group));
    Guest a = step("guest a on h1 in red, ACTIVE", () -> cloud.guest(h1, "a", red, grouped));
    Guest b = step("guest b on h2 in red, ACTIVE", () -> cloud.guest(h2, "b", red, grouped));
    Guest c = step("guest c on h2 in blue, ACTIVE", () -> cloud.guest(h2, "c", blue, grouped));
    if (failed > 0) {
      return failed;
    }
    for (Guest guest : List.of(a, b, c)) {
      check(
          "DHCP gives guest " + guest.name() + " the address that the API shows",
          () -> guest.dhcp().address().equals(cloud.address(guest.name())));
    }
    check("a reaches b: one network, two hosts", () -> a.ping(cloud.address("b")));
    check("a reaches c across the router", () -> a.ping(cloud.address("c")));
    check(
        "c reaches the internet by the router's address (source NAT)",
        () -> c.addressSeenBy(Internet.SERVER, 80).equals(gatewayAddress(api, router)));
    String floating =
        step(
            "floating IP " + FLOATING + " for a", () -> floatingIp(api, external, cloud.port("a")));
    cloud.awaitStatus("floatingip", floating, "ACTIVE");
    Endpoint outside = lab.internet().server();
    check("the internet reaches a by its floating IP", () -> outside.ping(FLOATING));
    check(
        "a reaches the internet by its floating IP",
        () -> a.addressSeenBy(Internet.SERVER, 80).equals(FLOATING));
    a.serve(PORT);
    checkSecurityGroup(api, group, outside);
    checkSpoofing(cloud, a, b);
    return failed;
  }

  private static String router(Api api, String external, String... networks) {
    String router =
        api.create(
                "router",
                Map.of("name", "r", "external_gateway_info", Map.of("network_id", external)))
            .get("id")
            .asString();
    for (String network : networks) {
      String subnet =
          api.list("subnet", Map.of("network_id", network)).getFirst().get("id").asString();
      api.action("router", router, "add_router_interface", Map.of("subnet_id", subnet));
    }
    return router;
  }

  private static String group(Api api) {
    String group = api.create("security_group", Map.of("name", "demo")).get("id").asString();
    rule(api, group, Map.of("protocol", "icmp"));
    rule(api, group, Map.of("protocol", "udp", "port_range_min", 9999, "port_range_max", 9999));
    return group;
  }

  private static String rule(Api api, String group, Map<String, ?> what) {
    Map<String, Object> rule = new java.util.LinkedHashMap<>(what);
    rule.put("security_group_id", group);
    rule.put("direction", "ingress");
    return api.create("security_group_rule", rule).get("id").asString();
  }

  private static String gatewayAddress(Api api, String router) {
    return api.show("router", router)
        .get("external_gateway_info")
        .get("external_fixed_ips")
        .get(0)
        .get("ip_address")
        .asString();
  }

  private static String floatingIp(Api api, String external, String port) {
    JsonNode made =
        api.create(
            "floatingip",
            Map.of(
                "floating_network_id", external, "floating_ip_address", FLOATING, "port_id", port));
    return made.get("id").asString();
  }

  private void checkSecurityGroup(Api api, String group, Endpoint outside) {
    check(
        "TCP " + PORT + " of a is closed: no rule allows it",
        () -> outside.tcp(FLOATING, PORT) == Endpoint.Tcp.FILTERED);
    String rule =
        rule(api, group, Map.of("protocol", "tcp", "port_range_min", PORT, "port_range_max", PORT));
    check(
        "it opens when the rule is added",
        () -> eventually(() -> outside.tcp(FLOATING, PORT) == Endpoint.Tcp.OPEN));
    api.delete("security_group_rule", rule);
    check(
        "and closes when the rule is removed",
        () -> eventually(() -> outside.tcp(FLOATING, PORT) == Endpoint.Tcp.FILTERED));
  }

  /** What the sender's switch has dropped for its addresses, packets. */
  private static long dropped(Guest from) {
    return DROPPED
        .matcher(from.host().ovs().ofctl("dump-flows", "br-int", ANTI_SPOOF))
        .results()
        .map(MatchResult::group)
        .map(flow -> flow.replaceFirst("n_packets=(\\d+).*", "$1"))
        .mapToLong(Long::parseLong)
        .sum();
  }

  private void checkSpoofing(Cloud cloud, Guest a, Guest b) {
    JsonNode port = cloud.api().show("port", cloud.port("a"));
    String mac = port.get("mac_address").asString();
    String to = cloud.api().show("port", cloud.port("b")).get("mac_address").asString();
    String own = cloud.address("a");
    String target = cloud.address("b");
    try (Capture heard = b.capture(Guest.DEVICE)) {
      spoof(
          a,
          heard,
          "source IP",
          Frame.text(mac, to, own, target, 9999, "true-1"),
          "true-1",
          Frame.text(mac, to, "10.1.0.200", target, 9999, "false-1"),
          "false-1");
      spoof(
          a,
          heard,
          "source MAC",
          Frame.text(mac, to, own, target, 9999, "true-2"),
          "true-2",
          Frame.text("fa:16:3e:99:99:99", to, own, target, 9999, "false-2"),
          "false-2");
      check(
          "a's own ARP is heard, ARP for another's address is not",
          () -> {
            long before = dropped(a);
            a.send(Guest.DEVICE, Frame.arpReply(mac, "10.1.0.1", to, target));
            a.send(Guest.DEVICE, Frame.arpReply(mac, own, to, target));
            heard.await(HEARD, "a's own ARP", f -> isArpOf(f, own));
            return !heard.heard(f -> isArpOf(f, "10.1.0.1")) && dropped(a) > before;
          });
      check(
          "a DHCP offer of a's is not heard",
          () -> {
            long before = dropped(a);
            a.send(Guest.DEVICE, Frame.dhcpOffer(mac, own, to, "10.1.0.66"));
            a.send(Guest.DEVICE, Frame.text(mac, to, own, target, 9999, "true-3"));
            heard.await(HEARD, "what follows", f -> f.carries("true-3"));
            return !heard.heard(f -> f.sourceMac().equals(mac) && f.hex().contains("00430044"))
                && dropped(a) > before;
          });
    }
  }

  private static boolean isArpOf(Frame frame, String sender) {
    StringBuilder hex = new StringBuilder();
    for (String part : sender.split("\\.")) {
      hex.append("%02x".formatted(Integer.parseInt(part)));
    }
    return frame.etherType() == Frame.ARP && frame.hex().startsWith(hex.toString(), 56);
  }

  /** What is not heard says nothing unless what is true is heard by the same way. */
  private void spoof(
      Guest from, Capture heard, String what, Frame honest, String yes, Frame forged, String no) {
    check(
        "a's own " + what + " is heard, a forged one is not",
        () -> {
          long before = dropped(from);
          from.send(Guest.DEVICE, forged);
          from.send(Guest.DEVICE, honest);
          heard.await(HEARD, "the honest frame", f -> f.carries(yes));
          return !heard.heard(f -> f.carries(no)) && dropped(from) > before;
        });
  }

  private static boolean eventually(java.util.function.BooleanSupplier condition) {
    try {
      Eventually.within(HEARD, "it holds", condition);
      return true;
    } catch (AssertionError e) {
      return false;
    }
  }

  private <T> T step(String what, Callable<T> action) throws Exception {
    long start = begin(what);
    try {
      T result = action.call();
      end("done", start);
      return result;
    } catch (Exception | AssertionError e) {
      failed++;
      end("FAILED", start);
      throw e;
    }
  }

  private void check(String what, Callable<Boolean> condition) {
    checked++;
    long start = begin(what);
    boolean held = false;
    String reason = "";
    try {
      held = condition.call();
    } catch (Exception | AssertionError e) {
      reason = " (" + e.getMessage() + ")";
    }
    if (!held) {
      failed++;
    }
    end(held ? "holds" : "FAILED" + reason, start);
  }

  private static long begin(String what) {
    System.out.printf("%-64s ", what + " ...");
    System.out.flush();
    return System.nanoTime();
  }

  private static void end(String result, long start) {
    System.out.printf("%s, %.2f s%n", result, (System.nanoTime() - start) / 1e9);
  }
}
