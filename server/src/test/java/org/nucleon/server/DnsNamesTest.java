package org.nucleon.server;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.nucleon.network.api.Ports;
import org.nucleon.server.LiveServer.Reply;

/** Names of ports and domains of networks: {@code dns-integration}. */
final class DnsNamesTest {

  @TempDir Path folder;

  private LiveServer server(String domain) {
    return LiveServer.start(folder, "DEFAULT", "dns_domain", domain);
  }

  private static Map<String, Object> assigned(String address, String host, String whole) {
    return Map.of("ip_address", address, "hostname", host, "fqdn", whole);
  }

  private static Reply rename(LiveServer server, String port, Object name) {
    Map<String, Object> values = new HashMap<>();
    values.put("dns_name", name);
    return server.put("/ports/" + port, Map.of("port", values));
  }

  @Test
  void aPortIsCalledByItsNameOrItsAddress() {
    try (LiveServer server = server("guests.example")) {
      String network = server.network("n");
      server.subnet(network, "10.0.0.0/24");
      String port = server.port(network);
      Reply shown = server.get("/ports/" + port);
      String address = (String) shown.at("port", "fixed_ips", 0, "ip_address");
      String made = "host-" + address.replace('.', '-');
      assertThat(shown.at("port", "dns_name")).isEqualTo("");
      assertThat(shown.at("port", "dns_assignment"))
          .isEqualTo(List.of(assigned(address, made, made + ".guests.example.")));

      Reply named = rename(server, port, "Web");
      assertThat(named.at("port", "dns_name")).as("without regard to case").isEqualTo("web");
      assertThat(named.at("port", "dns_assignment"))
          .isEqualTo(List.of(assigned(address, "web", "web.guests.example.")));
      assertThat(rename(server, port, "a.web.guests.example.").at("port", "dns_assignment"))
          .isEqualTo(List.of(assigned(address, "a.web.guests.example.", "a.web.guests.example.")));
      assertThat(server.get("/ports?dns_name=a.web.guests.example.").at("ports", 0, "id"))
          .isEqualTo(port);

      server.put(
          "/ports/" + port,
          Map.of("port", Map.of("fixed_ips", List.of(Map.of("ip_address", "10.0.0.77")))));
      assertThat(server.get("/ports/" + port).at("port", "dns_assignment"))
          .as("with its addresses")
          .isEqualTo(
              List.of(assigned("10.0.0.77", "a.web.guests.example.", "a.web.guests.example.")));
      assertThat(rename(server, port, null).at("port", "dns_assignment", 0, "hostname"))
          .isEqualTo("host-10-0-0-77");
      Reply set =
          server.put(
              "/ports/" + port,
              Map.of("port", Map.of("dns_assignment", List.of(assigned("10.0.0.77", "x", "x.")))));
      assertThat(set.status()).as("%s", set).isEqualTo(400);
    }
  }

  @Test
  void anotherDomainIsShownOfPortsThatAreThere() {
    String port;
    try (LiveServer server = server("before.example")) {
      String network = server.network("n");
      server.subnet(network, "10.0.0.0/24");
      port = server.port(network, "dns_name", "web");
      assertThat(server.get("/ports/" + port).at("port", "dns_assignment", 0, "fqdn"))
          .isEqualTo("web.before.example.");
    }
    try (LiveServer server = server("After.example")) {
      assertThat(server.get("/ports/" + port).at("port", "dns_assignment", 0, "fqdn"))
          .isEqualTo("web.after.example.");
    }
  }

  /**
   * A list of many ports is as quick as what is kept of each: nothing of it may depend on others.
   */
  @Test
  void whatIsShownOfAPortIsKeptWithIt() {
    try (LiveServer server = server("guests.example")) {
      assertThat(server.server().engine().picture().catalog().layout(Ports.PORT).derives())
          .isFalse();
    }
  }

  @Test
  void whatIsNoNameInTheDomainIsRefused() {
    try (LiveServer server = server("guests.example")) {
      String network = server.network("n");
      String port = server.port(network, "dns_name", "before");
      for (Object wrong :
          List.of(
              "a b",
              "-a",
              "a-",
              "a_b",
              "a..b",
              ".",
              "a.1",
              "a\nb",
              "web.elsewhere.example.",
              "guests.example.",
              "x".repeat(64),
              7,
              List.of("a"))) {
        for (Reply reply :
            List.of(
                rename(server, port, wrong),
                server.post(
                    "/ports", Map.of("port", Map.of("network_id", network, "dns_name", wrong))))) {
          assertThat(reply.status()).as("%s: %s", wrong, reply).isEqualTo(400);
          assertThat(reply.message()).startsWith("Invalid input for dns_name. Reason: ");
        }
      }
      assertThat(server.get("/ports/" + port).at("port", "dns_name")).isEqualTo("before");
    }
  }

  @Test
  void aNameIsNotTooLongWithTheDomain() {
    try (LiveServer server = server("guests.example")) {
      String port = server.port(server.network("n"));
      String label = "a".repeat(60) + ".";
      String longest = label.repeat(3) + "b".repeat(255 - 3 * 61 - 16);
      assertThat(rename(server, port, longest).status()).isEqualTo(200);
      assertThat(rename(server, port, label.repeat(4) + "b").message())
          .startsWith("Invalid input for dns_name. Reason: ");
    }
  }

  /** As with Neutron: {@code openstacklocal} is nobody's own. */
  @Test
  void inTheDomainOfEveryCloudPortsHaveNoNamesOfTheirOwn() {
    try (LiveServer server = server("openstacklocal")) {
      String network = server.network("n");
      server.subnet(network, "10.0.0.0/24");
      Reply shown = server.get("/ports/" + server.port(network, "dns_name", "web"));
      assertThat(shown.at("port", "dns_name")).isEqualTo("");
      assertThat((String) shown.at("port", "dns_assignment", 0, "fqdn"))
          .matches("host-10-0-0-\\d+\\.openstacklocal\\.");
    }
  }

  @Test
  void networksHaveDomains() {
    try (LiveServer server = server("guests.example")) {
      String network = server.network("n");
      assertThat(server.get("/networks/" + network).at("network", "dns_domain")).isEqualTo("");
      String path = "/networks/" + network;
      Map<String, Object> right = Map.of("network", Map.of("dns_domain", "Red.Example."));
      assertThat(server.put(path, right).at("network", "dns_domain")).isEqualTo("red.example.");
      for (String wrong : List.of("red.example", "red..example.", "a b.", "x".repeat(256))) {
        Reply reply = server.put(path, Map.of("network", Map.of("dns_domain", wrong)));
        assertThat(reply.status()).as("%s", reply).isEqualTo(400);
        assertThat(reply.message()).startsWith("Invalid input for dns_domain. Reason: ");
      }
      assertThat(server.get(path).at("network", "dns_domain")).isEqualTo("red.example.");
    }
  }
}
