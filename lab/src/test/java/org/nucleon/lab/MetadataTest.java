package org.nucleon.lab;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.function.BiFunction;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Guests ask who they are, and are told so, and nobody else's word counts. */
@Tag("lab")
@LabScenario
final class MetadataTest {
  private static final String ADDRESS = "169.254.169.254";
  private static final String SERVICE = "fe80::a9fe:a9fe";
  private static final String LINK_ADDRESS = SERVICE + "%" + Guest.DEVICE;

  /** Beside the service's: who has it as well may say of it what must not be said of the other. */
  private static final String NEXT = "fe80::a9fe:a9ff";

  private static final int PORT = 8775;
  private static final String SLAAC = "slaac";
  private static final String STATEFUL = "dhcpv6-stateful";
  private static final String SECRET = "s3cret";

  private static String signature(String instance) throws Exception {
    Mac mac = Mac.getInstance("HmacSHA256");
    mac.init(new SecretKeySpec(SECRET.getBytes(StandardCharsets.UTF_8), "HmacSHA256"));
    return HexFormat.of().formatHex(mac.doFinal(instance.getBytes(StandardCharsets.UTF_8)));
  }

  @Test
  void guestsAreToldWhoTheyAreBehindARouterAndWithoutOne(Lab lab) throws Exception {
    LabHost h1 = lab.host("h1");
    LabHost h2 = lab.host("h2");
    try (Cloud cloud =
        Cloud.with(
            lab,
            "",
            """
            [DEFAULT]
            enable_isolated_metadata = true
            nova_metadata_ip = %s
            metadata_proxy_shared_secret = %s
            """
                .formatted(Cloud.ADDRESS, SECRET),
            h1,
            h2)) {
      Api api = cloud.api();
      Daemon nova = cloud.serveMetadata(PORT);
      String routed = cloud.network("routed", "10.1.0.0/24");
      String lonely = cloud.network("lonely", "10.2.0.0/24");
      String twin = cloud.network("twin", "10.2.0.0/24");
      String router = api.create("router", Map.of("name", "r")).get("id").asString();
      api.action(
          "router", router, "add_router_interface", Map.of("subnet_id", subnet(api, routed)));
      Map<String, ?> sameAddress = Map.of("fixed_ips", List.of(Map.of("ip_address", "10.2.0.77")));
      Guest a = cloud.guest(h1, "a", routed, Map.of());
      Guest b = cloud.guest(h2, "b", lonely, sameAddress);
      Guest c = cloud.guest(h1, "c", twin, sameAddress);
      String routed6 = ipv6(cloud, "routed6", "2001:db8:1::/64", SLAAC);
      String lonely6 = ipv6(cloud, "lonely6", "2001:db8:2::/64", STATEFUL);
      api.action(
          "router", router, "add_router_interface", Map.of("subnet_id", subnet(api, routed6)));
      Guest d = cloud.guest(h2, "d", routed6, Map.of());
      Guest e = cloud.guest(h2, "e", lonely6, Map.of("security_groups", List.of(hearing(api))));
      Guest thief =
          cloud.guest(
              h2,
              "thief",
              lonely6,
              Map.of("port_security_enabled", false, "security_groups", List.of()));
      Guest paired =
          cloud.guest(
              h2,
              "paired",
              lonely6,
              Map.of("allowed_address_pairs", List.of(Map.of("ip_address", SERVICE + "/127"))));

      Lease behindRouter = a.dhcp();
      assertThat(String.join(" ", behindRouter.routes())).doesNotContain(ADDRESS);
      for (Guest guest : List.of(b, c)) {
        assertThat(String.join(" ", guest.dhcp().routes()))
            .contains("169.254.169.254/32 10.2.0.", "0.0.0.0/0 10.2.0.1");
      }
      claim(cloud, thief, e, MetadataTest::saidOf);
      claim(cloud, paired, e, MetadataTest::saidOfAndFrom);
      answerThere(thief);
      for (Guest guest : List.of(a, b, c, d, e)) {
        String address = isOfIpv6(guest) ? LINK_ADDRESS : ADDRESS;
        // The switch drops what it would tunnel until it has found the other end's MAC address.
        Eventually.within(
            Duration.ofSeconds(30),
            guest + " reaches it",
            () -> guest.tcp(address, 80) == Endpoint.Tcp.OPEN);
        String id = guest.name();
        assertThat(guest.ask(address, 80, "/latest/meta-data/instance-id")).isEqualTo("200 " + id);
        AskedNova asked = AskedNova.of(nova).getLast();
        assertThat(asked)
            .isEqualTo(
                new AskedNova(
                    "/latest/meta-data/instance-id",
                    isOfIpv6(guest) ? linkLocal(guest) : cloud.address(id),
                    id,
                    api.show("port", cloud.port(id)).get("project_id").asString(),
                    signature(id)));

        assertThat(
                guest.ask(
                    address,
                    80,
                    "/latest/meta-data/instance-id",
                    "X-Instance-ID: victim",
                    "x-instance-id: victim",
                    "X-Instance-ID-Signature: " + signature("victim"),
                    "X-Tenant-ID: theirs",
                    "X-Forwarded-For: 10.1.0.99"))
            .as("with forged headers")
            .isEqualTo("200 " + id);
        assertThat(AskedNova.of(nova).getLast()).as("with forged headers").isEqualTo(asked);
      }

      nova.kill();
      assertThat(a.ask(ADDRESS, 80, "/")).startsWith("503 ");
      cloud.serveMetadata(PORT);
      assertThat(a.ask(ADDRESS, 80, "/")).isEqualTo("200 a");

      cloud.agent(h1).kill();
      cloud.agent(h2).kill();
      cloud.startAgent(h1);
      cloud.startAgent(h2);
      cloud.awaitAlive(h1);
      cloud.awaitAlive(h2);
      for (Guest guest : List.of(a, b, c, d, e)) {
        String address = isOfIpv6(guest) ? LINK_ADDRESS : ADDRESS;
        Eventually.within(
            Duration.ofSeconds(30),
            guest + " is told by the new agent",
            () -> guest.tcp(address, 80) == Endpoint.Tcp.OPEN);
        assertThat(guest.ask(address, 80, "/")).isEqualTo("200 " + guest.name());
      }

      for (String port : List.of("a", "b", "c", "d", "e", "thief", "paired")) {
        api.delete("port", cloud.port(port));
      }
      for (String network : List.of(routed, routed6)) {
        api.action(
            "router", router, "remove_router_interface", Map.of("subnet_id", subnet(api, network)));
      }
      api.delete("router", router);
      for (String network : List.of(routed, lonely, twin, routed6, lonely6)) {
        api.delete("network", network);
      }
      for (LabHost host : List.of(h1, h2)) {
        Eventually.within(
            Duration.ofSeconds(30),
            "nothing of them is left on " + host,
            () -> host.machine().exec("ip", "netns", "list").isBlank());
        assertThat(cloud.difference(host)).contains("no difference");
      }
    }
  }

  /** Without IPv4, and with no address but the link-local one at first. */
  private static boolean isOfIpv6(Guest guest) {
    return guest.name().equals("d") || guest.name().equals("e");
  }

  private static String ipv6(Cloud cloud, String name, String cidr, String mode) {
    String network = cloud.api().create("network", Map.of("name", name)).get("id").asString();
    cloud.subnet(
        network, cidr, Map.of("ip_version", 6, "ipv6_ra_mode", mode, "ipv6_address_mode", mode));
    return network;
  }

  private static String linkLocal(Guest guest) {
    String shown = guest.machine().exec("ip", "-6", "-o", "addr", "show", "scope", "link", "eth0");
    return shown.replaceAll("(?s).*inet6 ([0-9a-f:]+)/64.*", "$1");
  }

  /** A group whose ports hear all that comes over IPv6 by UDP. */
  private static String hearing(Api api) {
    String group = api.create("security_group", Map.of("name", "hearing")).get("id").asString();
    api.create(
        "security_group_rule",
        Map.of(
            "security_group_id",
            group,
            "direction",
            "ingress",
            "ethertype",
            "IPv6",
            "protocol",
            "udp"));
    return group;
  }

  /**
   * Says of {@link #NEXT}, which the neighbour hears, and of the service's address, which the
   * neighbour does not hear.
   *
   * @param words what is said, from the sender with its link-local address to the neighbour
   */
  private static void claim(
      Cloud cloud, Guest from, Guest to, BiFunction<Packet, String, List<Frame>> words) {
    Packet packet = new Packet(mac(cloud, from), mac(cloud, to), linkLocal(from), linkLocal(to));
    List<Frame> claims = words.apply(packet, SERVICE);
    List<Frame> allowed = words.apply(packet, NEXT);
    try (Capture capture = to.capture(Guest.DEVICE)) {
      // Twice: the first of a kind may be lost with what the switch does not know yet.
      for (int round = 1; round <= 2; round++) {
        Frame marker = packet.from(NEXT).udp(4000, PacketTable.MARKER, from + ", " + round);
        List<Frame> all = new ArrayList<>(claims);
        all.addAll(allowed);
        all.add(marker);
        Eventually.within(
            Duration.ofSeconds(30),
            to + " hears what " + from + " may say",
            () -> {
              from.send(Guest.DEVICE, all.toArray(Frame[]::new));
              return capture.frames();
            },
            heard -> heard.containsAll(allowed) && heard.contains(marker));
      }
      assertThat(capture.frames())
          .as("what %s says of %s", from, SERVICE)
          .doesNotContainAnyElementsOf(claims);
    }
  }

  /** That an address is its sender's, in each way of neighbour discovery. */
  private static List<Frame> saidOf(Packet packet, String address) {
    String mac = packet.sourceMac();
    return List.of(
        packet.advertisement(address, mac),
        packet.from(address).advertisement(address, mac),
        packet.from(address).solicitation(packet.target(), mac),
        packet.probe(address));
  }

  private static List<Frame> saidOfAndFrom(Packet packet, String address) {
    List<Frame> words = new ArrayList<>(saidOf(packet, address));
    words.add(packet.from(address).udp(4000, PacketTable.MARKER, "from " + address));
    return words;
  }

  private static String mac(Cloud cloud, Guest guest) {
    return cloud.api().show("port", cloud.port(guest.name())).get("mac_address").asString();
  }

  /** Has the service's address alone, and answers there whoever believes that. */
  private static void answerThere(Guest thief) {
    thief
        .machine()
        .script(
            """
            ip addr add fe80::a9fe:a9fe/64 dev eth0 nodad
            ip addr del %s/64 dev eth0
            """
                .formatted(linkLocal(thief)));
    thief.serve(80);
  }

  private static String subnet(Api api, String network) {
    return api.list("subnet", Map.of("network_id", network)).getFirst().get("id").asString();
  }
}
