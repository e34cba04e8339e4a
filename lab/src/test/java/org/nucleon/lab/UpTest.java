package org.nucleon.lab;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** {@code up} as its user meets it, on a machine where nothing runs yet. */
@Tag("lab")
@LabScenario
final class UpTest {

  private static final Pattern SUGGESTED = Pattern.compile("(?s).*worth trying:\n(.*ping ADDRESS)");
  private static final String CLIENT =
      "openstack --os-auth-type none --os-endpoint http://127.0.0.1:9696 ";

  @Test
  void fromNothingToAPingAndBackToNothing(Lab lab) {
    try (Machine machine = Machine.boot("alone", lab.folder())) {
      machine.exec("mkdir", "-p", "/etc/openvswitch", "/var/lib/openvswitch");
      List<String> linksBefore = links(machine);
      Daemon up = up(machine, "up");
      String address = follow(machine, suggested(up));
      assertThat(up.log()).contains("state in /run/state", "listening on http://127.0.0.1:9696");

      refusesASecond(machine, "another server is using the state folder", "/run/state", "9696");
      refusesASecond(machine, "an agent is running on this host", "/run/other", "9797");
      assertThat(difference(machine)).isEqualTo("no difference");

      Daemon flows =
          machine.start("flows", "ovs-ofctl", "-O", "OpenFlow15", "monitor", "br-int", "watch:");
      flows.await(Pattern.compile("event=INITIAL"), Duration.ofSeconds(10));
      String then = changes(flows);
      up.terminate();
      assertThat(up.log()).endsWith("ended\n");
      machine.exec("ping", "-c", "1", "-w", "10", address);
      Daemon again = up(machine, "again");
      suggested(again);
      assertThat(difference(machine)).isEqualTo("no difference");
      assertThat(changes(flows)).isEqualTo(then);
      flows.kill();

      refused(NucleonProcess.run(machine, "clean", "--state", "/run/state"), "an agent is running");
      assertThat(NucleonProcess.run(machine, "unplug", "guest1").expectSuccess())
          .isEqualTo("guest guest1 is removed");
      assertThat(namespaces(machine)).doesNotContain("guest1");
      NucleonProcess.run(machine, "plug", "p1", "guest1").expectSuccess();
      again.terminate();
      cleans(machine, linksBefore);
    }
  }

  /** Neither a namespace nor a bridge of somebody else's is touched. */
  private static void cleans(Machine machine, List<String> linksBefore) {
    machine.exec("ip", "netns", "add", "foreign");
    machine.exec("ovs-vsctl", "--no-wait", "add-br", "br-foreign");
    String said = NucleonProcess.run(machine, "clean", "--state", "/run/state").expectSuccess();
    assertThat(said)
        .contains("removing guest guest1", "removing bridge br-ex", "this host is clean")
        .doesNotContain("foreign");
    assertThat(namespaces(machine)).isEqualTo("foreign");
    assertThat(machine.exec("ovs-vsctl", "list-br")).isEqualTo("br-foreign");
    machine.exec("ovs-vsctl", "del-br", "br-foreign");
    assertThat(links(machine)).isEqualTo(linksBefore);
    assertThat(machine.exec("ps", "-eo", "args")).doesNotContain("dnsmasq");
    NucleonProcess.run(machine, "clean", "--state", "/run/state").expectSuccess();
    assertThat(machine.exec("ovs-vsctl", "list-br")).as("after a second clean").isEmpty();
    assertThat(links(machine)).isEqualTo(linksBefore);
  }

  private static Daemon up(Machine machine, String name) {
    return NucleonProcess.start(machine, name, "up", "--state", "/run/state");
  }

  private static String suggested(Daemon up) {
    return up.await(SUGGESTED, Duration.ofSeconds(60)).group(1);
  }

  /** Runs what {@code up} printed; the floating IP that its last line means. */
  private static String follow(Machine machine, String suggested) {
    String address = "";
    for (String line : suggested.lines().map(String::strip).toList()) {
      if (line.startsWith("openstack ")) {
        machine.script(line);
      } else if (line.startsWith("./nucleon ")) {
        String said =
            NucleonProcess.run(machine, line.substring("./nucleon ".length()).split(" "))
                .expectSuccess();
        assertThat(said).contains("guest guest1 is up with 10.0.0.", "ip netns exec guest1");
      } else if (line.equals("ping ADDRESS")) {
        address =
            machine.script(CLIENT + "floating ip list -f value -c 'Floating IP Address'").strip();
        machine.exec("ping", "-c", "1", "-w", "10", address);
      }
    }
    assertThat(address).startsWith("172.24.4.");
    return address;
  }

  private static void refusesASecond(Machine machine, String why, String state, String port) {
    // In the same state folder the API alone meets the other server; elsewhere the agent its like.
    Output second =
        state.equals("/run/state")
            ? NucleonProcess.run(machine, "up", "--no-agent", "--state", state, "--port", port)
            : NucleonProcess.run(machine, "up", "--state", state, "--port", port);
    refused(second, why);
  }

  private static void refused(Output output, String why) {
    assertThat(output.status()).isEqualTo(1);
    assertThat(output.err()).startsWith("nucleon: ").contains(why).hasLineCount(1);
  }

  private static String difference(Machine machine) {
    return NucleonProcess.run(machine, "agent", "diff", "--state", "/run/state").expectSuccess();
  }

  private static String changes(Daemon flows) {
    return flows.log().lines().filter(l -> l.contains("event=")).sorted().toList().toString();
  }

  private static String namespaces(Machine machine) {
    return machine.exec("ip", "netns", "list").replaceAll(" \\(id: \\d+\\)", "");
  }

  /** Without the device that Open vSwitch keeps for its userspace datapath. */
  private static List<String> links(Machine machine) {
    return machine
        .exec("ip", "-o", "link")
        .lines()
        .map(l -> l.split(": ")[1])
        .filter(l -> !l.startsWith("ovs-netdev"))
        .sorted()
        .toList();
  }
}
