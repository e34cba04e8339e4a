package org.nucleon.server;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.nucleon.server.LiveServer.Reply;

/** DHCP options of single ports: {@code extra_dhcp_opts}. */
final class ExtraDhcpOptionTest {

  @TempDir static Path folder;
  static LiveServer server;
  static String network;

  @BeforeAll
  static void start() {
    server = LiveServer.start(folder);
    network = server.network("n");
  }

  @AfterAll
  static void stop() {
    server.close();
  }

  private static Map<String, Object> option(String name, Object value, Object... version) {
    Map<String, Object> option = new HashMap<>();
    option.put("opt_name", name);
    option.put("opt_value", value);
    if (version.length > 0) {
      option.put("ip_version", version[0]);
    }
    return option;
  }

  private static Reply change(String port, Object options) {
    Map<String, Object> values = new HashMap<>();
    values.put("extra_dhcp_opts", options);
    return server.put("/ports/" + port, Map.of("port", values));
  }

  @Test
  void aChangeNamesWhatItChanges() {
    String port =
        server.port(
            network,
            "extra_dhcp_opts",
            List.of(option("bootfile-name", "a"), option("mtu", "1400"), option("router", null)));
    assertThat(server.get("/ports/" + port).at("port", "extra_dhcp_opts"))
        .isEqualTo(List.of(option("bootfile-name", "a", 4), option("mtu", "1400", 4)));
    assertThat(
            change(
                    port,
                    List.of(
                        option("bootfile-name", "b"),
                        option("bootfile-name", "c", 6),
                        option("mtu", null)))
                .at("port", "extra_dhcp_opts"))
        .isEqualTo(List.of(option("bootfile-name", "b", 4), option("bootfile-name", "c", 6)));
    for (Object nothing : new Object[] {List.of(), null}) {
      assertThat(change(port, nothing).at("port", "extra_dhcp_opts"))
          .as("%s changes nothing", nothing)
          .isEqualTo(List.of(option("bootfile-name", "b", 4), option("bootfile-name", "c", 6)));
    }
    int before = (int) server.get("/ports/" + port).at("port", "revision_number");
    change(port, List.of(option("bootfile-name", null, "4")));
    assertThat((int) server.get("/ports/" + port).at("port", "revision_number"))
        .isGreaterThan(before);
    assertThat(change(port, List.of(option("router", ""))).status()).isEqualTo(200);
  }

  /** OSSA-2021-005: a value of two lines would be two lines of a server's configuration. */
  @ParameterizedTest
  @ValueSource(
      strings = {
        "a\ndhcp-script=/tmp/x",
        "a\rb",
        "a\u0000b",
        "a\u0085b",
        "a\u2028b",
        "a\u2029b",
        "a\tb",
        "a\u007fb",
        "a\u001b[0m"
      })
  void whatIsMoreThanALineIsRefused(String hostile) {
    for (Object option : List.of(option("bootfile-name", hostile), option(hostile, "x"))) {
      Map<String, Object> values =
          Map.of("network_id", network, "extra_dhcp_opts", List.of(option));
      Reply created = server.post("/ports", Map.of("port", values));
      assertThat(created.status()).as("%s", created).isEqualTo(400);
      if (hostile.indexOf(0) < 0) { // which no body may hold anywhere
        assertThat(created.message()).contains("extra_dhcp_opts", "control character");
      }
      String port = server.port(network);
      assertThat(change(port, List.of(option)).status()).isEqualTo(400);
      assertThat(server.get("/ports/" + port).at("port", "extra_dhcp_opts")).isEqualTo(List.of());
      server.delete("/ports/" + port);
    }
  }

  @Test
  void refusesWhatIsNoOption() {
    String port = server.port(network);
    List<Object> wrong = new ArrayList<>();
    wrong.add("x");
    wrong.add(Map.of("opt_name", "x"));
    wrong.add(Map.of("opt_value", "x"));
    wrong.add(option("", "x"));
    wrong.add(option(" ", "x"));
    wrong.add(option("x".repeat(65), "x"));
    wrong.add(option("x", "x".repeat(256)));
    wrong.add(option("bootfile-name", " "));
    wrong.add(option("x", "x", 5));
    wrong.add(option("x", 7));
    wrong.add(Map.of("opt_name", "x", "opt_value", "y", "colour", "red"));
    for (Object option : wrong) {
      Reply reply = change(port, List.of(option));
      assertThat(reply.status()).as("%s: %s", option, reply).isEqualTo(400);
      assertThat(reply.message()).contains("extra_dhcp_opts");
    }
    Reply twice = change(port, List.of(option("mtu", "1"), option("mtu", "2")));
    assertThat(twice.type()).isEqualTo("ExtraDhcpOptBadData");
    List<Object> many = new ArrayList<>();
    for (int i = 0; i < 40; i++) {
      many.add(option("o" + i, "x"));
    }
    assertThat(change(port, many).status()).isEqualTo(200);
    many.replaceAll(option -> option("p" + ((Map<?, ?>) option).get("opt_name"), "x"));
    assertThat(change(port, many).type()).isEqualTo("ExtraDhcpOptBadData");
  }
}
