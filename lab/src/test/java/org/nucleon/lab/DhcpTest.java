package org.nucleon.lab;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

/** What guests are told by DHCP, and what becomes of it while it changes. */
@Tag("lab")
@LabScenario
final class DhcpTest {
  /** Where agents have the folders of programs. */
  private static final String FOLDER = "/var/lib/nucleon/agent/programs";

  @Test
  void guestsAreToldWhatTheirSubnetAndPortSayAndHearOfChanges(Lab lab) {
    LabHost h1 = lab.host("h1");
    try (Cloud cloud =
        Cloud.with(lab, "", "[DEFAULT]\ndhcp_lease_duration = 300\ndns_domain = a.example\n", h1)) {
      Api api = cloud.api();
      String network = api.create("network", Map.of("name", "red")).get("id").asString();
      cloud.subnet(
          network,
          "10.1.0.0/24",
          Map.of(
              "dns_nameservers",
              List.of("192.0.2.9", "192.0.2.1"),
              "host_routes",
              List.of(Map.of("destination", "172.16.0.0/16", "nexthop", "10.1.0.9"))));
      Guest a = cloud.guest(h1, "a", network, Map.of());
      Guest b = cloud.guest(h1, "b", network, Map.of());
      Lease first = a.dhcp();
      assertThat(first.dns()).as("in their order").containsExactly("192.0.2.9", "192.0.2.1");
      assertThat(first.domain()).isEqualTo("a.example");
      assertThat(first.seconds()).isEqualTo(300);
      assertThat(String.join(" ", first.routes()))
          .contains("172.16.0.0/16 10.1.0.9", "0.0.0.0/0 10.1.0.1");
      Lease other = b.dhcp();

      api.update("port", cloud.port("a"), options("mtu", "1300"));
      cloud.awaitStatus("port", cloud.port("a"), "ACTIVE");
      Eventually.within(
          Duration.ofSeconds(30), "a hears of it", () -> a.renew().mtu().equals("1300"));
      assertThat(b.renew()).as("not b").isEqualTo(renewed(other));

      Api.Answer refused =
          api.send(
              "PUT",
              "/v2.0/ports/" + cloud.port("a"),
              Map.of("port", options("domain-name", "x\ndhcp-script=/run/x")));
      assertThat(refused.status()).as(refused.toString()).isEqualTo(400);
      api.update("port", cloud.port("a"), options("mtu", "1300,1301 --dhcp-script=/run/x"));
      Eventually.within(
          Duration.ofSeconds(30),
          "what makes no sense is left out and nobody suffers",
          () -> a.renew().mtu().equals("1450"));
      api.update("port", cloud.port("a"), options("mtu", "1300"));
      Eventually.within(
          Duration.ofSeconds(30), "nothing is left out", () -> a.renew().mtu().equals("1300"));

      String server = servers(h1);
      api.update(
          "port", cloud.port("b"), Map.of("fixed_ips", List.of(Map.of("ip_address", "10.1.0.99"))));
      Eventually.within(
          Duration.ofSeconds(30),
          "b hears of its new address",
          () -> b.renew().address().equals("10.1.0.99"));
      assertThat(a.renew().address()).isEqualTo(first.address());
      assertThat(servers(h1)).as("the server ran on").isEqualTo(server);

      Lease before = a.renew();
      String written = written(h1, network, before);
      assertThat(written).isNotEmpty();
      // The host's own: a machine has its own process ids.
      h1.machine().exec("pkill", "-KILL", "dnsmasq");
      Eventually.within(
          Duration.ofSeconds(30),
          "there is another server",
          () -> servers(h1),
          now -> !now.equals(server));
      assertThat(cloud.difference(h1)).contains("no difference");
      assertThat(written(h1, network, before)).as("still given").isEqualTo(written);
      // Of a lease that it does not know, a server says so: the guest would have to ask anew.
      assertThat(a.renew()).isEqualTo(before);
      assertThat(written(h1, network, before)).as("and known to be a's").isNotEmpty();
    }
  }

  /** What a host's server has written down of a lease, to outlive it; empty if nothing. */
  private static String written(LabHost host, String network, Lease lease) {
    return host.machine()
        .attempt("grep", " " + lease.address() + " ", FOLDER + "/dnsmasq-" + network + "/leases")
        .out();
  }

  /**
   * As with Neutron: by their own names or those of their addresses, and the addresses by their
   * names.
   */
  @Test
  void guestsFindEachOtherByName(Lab lab) {
    LabHost h1 = lab.host("h1");
    String domain = "[DEFAULT]\ndns_domain = guests.example\n";
    try (Cloud cloud = Cloud.with(lab, domain, domain, h1)) {
      String network = cloud.network("red", "10.1.0.0/24");
      cloud.subnet(
          network,
          "fd00:5::/64",
          Map.of("ip_version", 6, "ipv6_ra_mode", "slaac", "ipv6_address_mode", "slaac"));
      Guest a = cloud.guest(h1, "a", network, Map.of());
      Lease lease = a.dhcp();
      cloud.api().create("port", Map.of("network_id", network, "name", "b"));
      for (JsonNode ip : cloud.api().show("port", cloud.port("b")).get("fixed_ips")) {
        String address = ip.get("ip_address").asString();
        String name = "host-" + address.replace('.', '-').replace(':', '-') + ".guests.example";
        Eventually.within(
            Duration.ofSeconds(30),
            name + " is " + address,
            () -> asks(a, name, lease.dns().getFirst()),
            answer -> answer.contains("Address: " + address + "\n"));
        assertThat(asks(a, address, lease.dns().getFirst())).contains("name = " + name + "\n");
      }
      String before = servers(h1);
      cloud.api().update("port", cloud.port("b"), Map.of("dns_name", "web"));
      for (JsonNode one : cloud.api().show("port", cloud.port("b")).get("dns_assignment")) {
        String address = one.get("ip_address").asString();
        assertThat(one.get("fqdn").asString()).isEqualTo("web.guests.example.");
        Eventually.within(
            Duration.ofSeconds(30),
            "web is " + address,
            () -> asks(a, "web.guests.example", lease.dns().getFirst()),
            answer -> answer.contains("Address: " + address + "\n"));
        assertThat(asks(a, address, lease.dns().getFirst()))
            .contains("name = web.guests.example\n");
        String former = "host-" + address.replace('.', '-').replace(':', '-');
        assertThat(asks(a, former + ".guests.example", lease.dns().getFirst()))
            .doesNotContain("Address: " + address + "\n");
      }
      assertThat(servers(h1)).as("the server ran on").isEqualTo(before);
      assertThat(asks(a, "host-10-1-0-200.guests.example", lease.dns().getFirst()))
          .doesNotContain("10.1.0.200\n");
      assertThat(asks(a, "host-10-1-0-1.openstacklocal", lease.dns().getFirst()))
          .doesNotContain("10.1.0.1\n");
    }
  }

  /** What a guest's resolver says of a name or an address. */
  private static String asks(Guest guest, String what, String server) {
    Output answer = guest.machine().attempt("busybox", "nslookup", what, server);
    return answer.out() + "\n" + answer.err();
  }

  private static Map<String, ?> options(String name, String value) {
    return Map.of("extra_dhcp_opts", List.of(Map.of("opt_name", name, "opt_value", value)));
  }

  private static Lease renewed(Lease lease) {
    return new Lease(
        "renew",
        lease.address(),
        lease.prefixLength(),
        lease.router(),
        lease.mtu(),
        lease.dns(),
        lease.domain(),
        lease.routes(),
        lease.server(),
        lease.seconds());
  }

  /** The process ids of the DHCP servers of a host. */
  private static String servers(LabHost host) {
    return host.machine().exec("sh", "-c", "grep -l ^dnsmasq /proc/[0-9]*/comm");
  }
}
