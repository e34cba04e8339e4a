package org.nucleon.lab;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

/** Guests speak IPv6 with each other and with the internet. */
@Tag("lab")
@LabScenario
final class Ipv6Test {

  private static final Duration LIMIT = Duration.ofSeconds(40);
  private static final String SERVER = "2001:db8:99::10";
  private static final List<String> NAME_SERVERS = List.of("2001:db8:53::3", "2001:db8:53::2");
  private static final String GIVEN = "name_servers=" + String.join(" ", NAME_SERVERS);
  private static final Set<String> CHANGED =
      Set.of("domain_search=changed.example.", "name_servers=2001:db8:53::77");
  private static final Map<String, String> SLAAC =
      Map.of("ipv6_ra_mode", "slaac", "ipv6_address_mode", "slaac");
  private static final Map<String, String> STATEFUL =
      Map.of("ipv6_ra_mode", "dhcpv6-stateful", "ipv6_address_mode", "dhcpv6-stateful");
  private static final Map<String, String> STATELESS =
      Map.of("ipv6_ra_mode", "dhcpv6-stateless", "ipv6_address_mode", "dhcpv6-stateless");

  /** No subnet on the external network: its router is known by what it advertises. */
  @Test
  void guestsConfigureThemselvesAndReachEachOtherAndTheInternet(Lab lab) {
    LabHost h1 = lab.hostWithExternal("h1");
    LabHost h2 = lab.hostWithExternal("h2");
    Cloud cloud = Cloud.on(lab, h1, h2);
    Api api = cloud.api();
    advertise(lab.internet());
    String external = external(api);
    String red = cloud.network("red", "10.1.0.0/24");
    String blue = api.create("network", Map.of("name", "blue")).get("id").asString();
    String router =
        api.create("router", Map.of("external_gateway_info", Map.of("network_id", external)))
            .get("id")
            .asString();
    String first = ipv6(cloud, red, "2001:db8:1::/64", SLAAC);
    join(cloud, router, first);
    String second = ipv6(cloud, red, "2001:db8:2::/64", STATELESS);
    join(cloud, router, second);
    String third = ipv6(cloud, blue, "2001:db8:3::/64", STATEFUL);
    api.update("subnet", third, Map.of("dns_nameservers", NAME_SERVERS));
    join(cloud, router, third);
    String group = open(api);
    Map<String, ?> grouped = Map.of("security_groups", List.of(group));
    Guest a =
        cloud.guest(
            h1,
            "a",
            red,
            Map.of(
                "security_groups",
                List.of(group),
                "extra_dhcp_opts",
                List.of(option("6", "192.0.2.77", 4), option("domain-search", "a.example", 6))));
    Guest b = cloud.guest(h2, "b", red, grouped);
    Guest c =
        cloud.guest(
            h2,
            "c",
            blue,
            Map.of(
                "security_groups",
                List.of(group),
                "extra_dhcp_opts",
                List.of(option("domain-search", "c.example", 6))));

    for (Guest guest : List.of(a, b)) {
      for (String address : Ipv6Addresses.of(cloud, guest.name())) {
        Ipv6Addresses.await(guest, address);
      }
    }
    assertThat(Ipv6Addresses.of(cloud, "a")).hasSize(2);
    for (String address : Ipv6Addresses.of(cloud, "b")) {
      assertThat(a.ping(address)).as("a reaches b at %s", address).isTrue();
    }
    assertThat(a.machine().exec("cat", "/proc/sys/net/ipv6/conf/eth0/mtu"))
        .isEqualTo(api.show("network", red).get("mtu").asString());
    assertThat(a.dhcp().dns()).as("its own option").containsExactly("192.0.2.77");
    assertThat(b.dhcp().dns()).as("not another's").doesNotContain("192.0.2.77");
    informed(cloud, second, a, b);
    try (Capture heard = a.capture(Guest.DEVICE)) {
      api.update("subnet", first, Map.of("dns_nameservers", List.of("2001:db8:53::1")));
      heard.await(
          LIMIT,
          "a router that tells of the name server, RFC 8106",
          frame -> frame.hex().contains("20010db8005300000000000000000001"));
    }

    String leased = Ipv6Addresses.of(cloud, "c").getFirst();
    Dhcp6Client client = new Dhcp6Client(c);
    assertThat(client.lease()).containsExactlyInAnyOrder("domain_search=c.example.", GIVEN);
    Ipv6Addresses.await(c, leased);
    assertThat(a.ping(leased)).as("a reaches c across the router").isTrue();

    api.update("port", cloud.port("c"), options("changed.example", "2001:db8:53::77"));
    Eventually.within(LIMIT, "c is told its changed options", client::renew, CHANGED::equals);

    c.unplug();
    api.delete("port", cloud.port("c"));
    c.close();
    Guest next = cloud.guest(h1, "next", blue, fixed(leased, group));
    assertThat(new Dhcp6Client(next).lease())
        .containsExactlyInAnyOrder("domain_search=openstacklocal.", GIVEN);
    Ipv6Addresses.await(next, leased);
    Eventually.within(
        LIMIT, "a reaches who has c's address now, with its lease", () -> a.ping(leased));

    // A prefix longer than /64
    String green = api.create("network", Map.of("name", "green")).get("id").asString();
    String longer = ipv6(cloud, green, "2001:db8:5::/120", STATEFUL);
    Guest d = cloud.guest(h1, "d", green, grouped);
    assertThat(new Dhcp6Client(d).lease())
        .contains("name_servers=" + serverAddress(cloud, green, longer));
    Ipv6Addresses.await(d, Ipv6Addresses.of(cloud, "d").getFirst());

    learnWayBack(lab.internet(), cloud, router);
    Endpoint server = lab.internet().server();
    assertThat(next.ping(SERVER)).as("a stateful guest reaches the internet").isTrue();
    assertThat(server.ping(leased)).as("the internet reaches it").isTrue();
    assertThat(a.ping(SERVER)).as("a reaches the internet").isTrue();
    assertThat(next.addressSeenBy(SERVER, 80)).as("without translation").isEqualTo(leased);

    // A prefix that comes later
    String later = ipv6(cloud, red, "2001:db8:4::/64", SLAAC);
    join(cloud, router, later);
    String address =
        Ipv6Addresses.of(cloud, "a").stream()
            .filter(one -> one.startsWith("2001:db8:4:"))
            .findFirst()
            .orElseThrow();
    Ipv6Addresses.await(a, address);
    assertThat(next.ping(address)).as("a is reached by its new address").isTrue();
    assertThat(cloud.difference(h1)).contains("no difference");
    assertThat(cloud.difference(h2)).contains("no difference");
  }

  /** Nobody advertises there: the operator says who routes. */
  @Test
  void theRouterOfANetworkWithoutSubnetsIsTheOneThatTheOperatorNames(Lab lab) {
    LabHost h1 = lab.hostWithExternal("h1");
    Cloud cloud = Cloud.with(lab, "", "[DEFAULT]\nipv6_gateway = fe80::99\n", h1);
    Api api = cloud.api();
    address(lab.internet());
    lab.internet().router().exec("ip", "addr", "add", "fe80::99/64", "dev", "ext0", "nodad");
    String router =
        api.create("router", Map.of("external_gateway_info", Map.of("network_id", external(api))))
            .get("id")
            .asString();
    String red = api.create("network", Map.of("name", "red")).get("id").asString();
    join(cloud, router, ipv6(cloud, red, "2001:db8:1::/64", SLAAC));
    Guest a = cloud.guest(h1, "a", red, Map.of());
    Ipv6Addresses.await(a, Ipv6Addresses.of(cloud, "a").getFirst());
    learnWayBack(lab.internet(), cloud, router);
    Eventually.within(LIMIT, "a reaches the internet", () -> a.ping(SERVER));
    assertThat(cloud.difference(h1)).contains("no difference");
  }

  /** Guests whose addresses no server gives ask one for what else there is to know. */
  private static void informed(Cloud cloud, String subnet, Guest a, Guest b) {
    String network = cloud.api().show("subnet", subnet).get("network_id").asString();
    String itself = "name_servers=" + serverAddress(cloud, network, subnet);
    Dhcp6Client ofA = new Dhcp6Client(a);
    Dhcp6Client ofB = new Dhcp6Client(b);
    assertThat(ofA.inform())
        .as("its own option")
        .containsExactlyInAnyOrder("domain_search=a.example.", itself);
    assertThat(ofB.inform()).containsExactlyInAnyOrder("domain_search=openstacklocal.", itself);

    cloud.api().update("subnet", subnet, Map.of("dns_nameservers", NAME_SERVERS));
    Set<String> given = Set.of("domain_search=openstacklocal.", GIVEN);
    Eventually.within(LIMIT, "b is told other name servers", ofB::inform, given::equals);
    cloud.api().update("port", cloud.port("a"), options("changed.example", "2001:db8:53::77"));
    Eventually.within(LIMIT, "a is told its changed options", ofA::inform, CHANGED::equals);
    assertThat(ofB.inform()).as("not another's").isEqualTo(given);
  }

  private static Map<String, ?> options(String domain, String nameServer) {
    return Map.of(
        "extra_dhcp_opts",
        List.of(option("domain-search", domain, 6), option("dns-server", nameServer, 6)));
  }

  private static Map<String, ?> option(String name, String value, int version) {
    return Map.of("opt_name", name, "opt_value", value, "ip_version", version);
  }

  /** Only the address mode is set: a router outside of the cloud advertises. */
  @Test
  void guestsOfAProvidersNetworkHearItsRouterAndNotEachOther(Lab lab) {
    LabHost h1 = lab.hostWithExternal("h1");
    Cloud cloud = Cloud.on(lab, h1);
    Api api = cloud.api();
    advertise(lab.internet());
    String network = external(api);
    ipv6(cloud, network, "2001:db8:ffff::/64", Map.of("ipv6_address_mode", "slaac"));
    Map<String, ?> grouped = Map.of("security_groups", List.of(open(api)));
    Guest a = cloud.guest(h1, "a", network, grouped);
    Guest b = cloud.guest(h1, "b", network, grouped);
    for (Guest guest : List.of(a, b)) {
      Ipv6Addresses.await(guest, Ipv6Addresses.of(cloud, guest.name()).getFirst());
    }
    assertThat(a.ping(SERVER)).as("a leaves by the provider's router").isTrue();
    String mac = api.show("port", cloud.port("a")).get("mac_address").asString();
    try (Capture heard = b.capture(Guest.DEVICE)) {
      a.send(Guest.DEVICE, Frame.routerAdvertisement(mac, linkLocal(a), "2001:db8:66::"));
      assertThat(a.ping(Ipv6Addresses.of(cloud, "b").getFirst())).isTrue();
      assertThat(heard.heard(frame -> frame.hex().contains("20010db80066"))).isFalse();
    }
  }

  @Test
  void noGuestIsARouterToOthersOrSpeaksForThem(Lab lab) {
    LabHost h1 = lab.host("h1");
    Cloud cloud = Cloud.on(lab, h1);
    Api api = cloud.api();
    String red = api.create("network", Map.of("name", "red")).get("id").asString();
    ipv6(cloud, red, "2001:db8:1::/64", Map.of());
    Map<String, ?> grouped = Map.of("security_groups", List.of(open(api)));
    Guest a = cloud.guest(h1, "a", red, grouped);
    Guest b = cloud.guest(h1, "b", red, grouped);
    Guest free =
        cloud.guest(
            h1, "free", red, Map.of("port_security_enabled", false, "security_groups", List.of()));
    for (Guest guest : List.of(a, b, free)) {
      guest.address(Ipv6Addresses.of(cloud, guest.name()).getFirst() + "/64");
    }
    Eventually.within(LIMIT, "a reaches b", () -> a.ping(Ipv6Addresses.of(cloud, "b").getFirst()));
    try (Capture heard = b.capture(Guest.DEVICE)) {
      String mac = api.show("port", cloud.port("a")).get("mac_address").asString();
      a.send(Guest.DEVICE, Frame.routerAdvertisement(mac, linkLocal(a), "2001:db8:66::"));
      free.send(
          Guest.DEVICE,
          Frame.routerAdvertisement(
              api.show("port", cloud.port("free")).get("mac_address").asString(),
              linkLocal(free),
              "2001:db8:67::"));
      assertThat(a.ping(Ipv6Addresses.of(cloud, "b").getFirst())).isTrue();
      assertThat(heard.heard(frame -> frame.hex().contains("20010db80066"))).isFalse();
      assertThat(heard.heard(frame -> frame.hex().contains("20010db80067"))).isFalse();
    }
    // who takes b's address for its own is not believed
    a.address(Ipv6Addresses.of(cloud, "b").getFirst() + "/64");
    free.machine().exec("ip", "-6", "neigh", "flush", "dev", "eth0");
    assertThat(free.ping(Ipv6Addresses.of(cloud, "b").getFirst())).isTrue();
    assertThat(
            free.machine()
                .exec("ip", "-6", "neigh", "show", Ipv6Addresses.of(cloud, "b").getFirst()))
        .contains(api.show("port", cloud.port("b")).get("mac_address").asString());
  }

  private static Map<String, ?> fixed(String address, String group) {
    return Map.of(
        "security_groups", List.of(group), "fixed_ips", List.of(Map.of("ip_address", address)));
  }

  private static String linkLocal(Guest guest) {
    String shown = guest.machine().exec("ip", "-6", "-o", "addr", "show", "scope", "link", "eth0");
    return shown.replaceAll("(?s).*inet6 ([0-9a-f:]+)/64.*", "$1");
  }

  /** The provider's router advertises itself; the server behind it knows it as its router. */
  private static void advertise(Internet internet) {
    address(internet);
    internet
        .router()
        .script(
            """
            cat >/etc/radvd.conf <<'END'
            interface ext0 {
              AdvSendAdvert on;
              prefix 2001:db8:ffff::/64 {};
            };
            END
            """);
    internet.router().start("radvd", "radvd", "-n", "-m", "stderr", "-C", "/etc/radvd.conf");
  }

  private static void address(Internet internet) {
    internet
        .router()
        .script(
            """
            echo 1 >/proc/sys/net/ipv6/conf/all/forwarding
            ip addr add 2001:db8:ffff::1/64 dev ext0 nodad
            ip addr add 2001:db8:99::1/64 dev srv0 nodad
            """);
    internet
        .server()
        .machine()
        .script(
            """
            ip addr add 2001:db8:99::10/64 dev eth0 nodad
            ip route add default via 2001:db8:99::1
            """);
  }

  private static String external(Api api) {
    return api.create(
            "network",
            Map.of(
                "name",
                "public",
                "router:external",
                true,
                "provider:network_type",
                "flat",
                "provider:physical_network",
                Cloud.PUBLIC))
        .get("id")
        .asString();
  }

  /** The provider sends what is for tenants to the cloud's router. */
  private static void learnWayBack(Internet internet, Cloud cloud, String router) {
    JsonNode gateway =
        cloud
            .api()
            .list("port", Map.of("device_id", router, "device_owner", "network:router_gateway"))
            .getFirst();
    assertThat(gateway.get("fixed_ips")).isEmpty();
    String[] mac = gateway.get("mac_address").asString().split(":");
    String own =
        "fe80::%02x%s:%sff:fe%s:%s%s"
            .formatted(Integer.parseInt(mac[0], 16) ^ 2, mac[1], mac[2], mac[3], mac[4], mac[5]);
    internet.router().exec("ip", "route", "add", "2001:db8::/45", "via", own, "dev", "ext0");
  }

  private static String ipv6(Cloud cloud, String network, String cidr, Map<String, ?> modes) {
    Map<String, Object> more = new java.util.LinkedHashMap<>(modes);
    more.put("ip_version", 6);
    return cloud.subnet(network, cidr, more);
  }

  private static void join(Cloud cloud, String router, String subnet) {
    cloud.api().action("router", router, "add_router_interface", Map.of("subnet_id", subnet));
  }

  private static String open(Api api) {
    String group = api.create("security_group", Map.of("name", "all")).get("id").asString();
    api.create(
        "security_group_rule",
        Map.of("security_group_id", group, "direction", "ingress", "ethertype", "IPv6"));
    return group;
  }

  /** The address in a subnet of the network's DHCP server, which is its name server too. */
  private static String serverAddress(Cloud cloud, String network, String subnet) {
    JsonNode port =
        cloud
            .api()
            .list("port", Map.of("network_id", network, "device_owner", "network:dhcp"))
            .getFirst();
    for (JsonNode one : port.get("fixed_ips")) {
      if (one.get("subnet_id").asString().equals(subnet)) {
        return one.get("ip_address").asString();
      }
    }
    throw new AssertionError("no address in " + subnet + ": " + port);
  }
}
