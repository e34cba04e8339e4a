package org.nucleon.lab;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** What is for many, or for nobody known, goes where it can be meant, and arrives once. */
@Tag("lab")
@LabScenario
final class BroadcastTest {

  private static final Duration LIMIT = Duration.ofSeconds(10);
  private static final String EVERYBODY = "ff:ff:ff:ff:ff:ff";
  private static final String GROUP = "01:00:5e:01:02:03";
  private static final String NOBODY = "fa:16:3e:ff:ff:ff";
  private static final Map<String, ?> OPEN = Map.of("port_security_enabled", false);

  private static final String WIRE =
      """
      [ml2_type_vlan]
      network_vlan_ranges = wire
      """;

  private final List<LabHost> hosts = new ArrayList<>();
  private final Map<String, Guest> guests = new TreeMap<>();
  private final Map<String, Capture> captures = new TreeMap<>();
  private Cloud cloud;
  private int sent;

  /** Red is on h1, h2 and h3, blue on h1 and h4: h1 has tunnels to all. */
  @Test
  void framesForManyArriveOnceWhereTheNetworkIs(Lab lab) {
    Segment wire = lab.segment("wire");
    for (int i = 1; i <= 4; i++) {
      hosts.add(lab.host("h" + i).physical("wire", wire));
    }
    cloud = Cloud.server(lab, WIRE);
    cloud.join("vxlan", hosts.toArray(LabHost[]::new));
    Map<String, ?> secured = Map.of("security_groups", List.of(openGroup()));

    String red = cloud.network("red", "10.0.0.0/24", "vxlan");
    String blue = cloud.network("blue", "10.0.0.0/24", "vxlan");
    settle(red, "red", secured);
    settle(blue, "blue");
    for (LabHost host : hosts.subList(1, 4)) {
      captures.put(host.name(), new Endpoint(host.machine(), lab.folder()).capture("under0"));
    }
    assertThat(heard("red-sender", EVERYBODY))
        .isEqualTo(once("red-near", "red-far", "red-closed", "h2", "h3"));
    assertThat(heard("red-far", EVERYBODY))
        .isEqualTo(once("red-sender", "red-near", "red-closed", "h3"));
    assertThat(heard("red-sender", GROUP))
        .isEqualTo(once("red-near", "red-far", "red-closed", "h2", "h3"));
    assertThat(heard("red-sender", NOBODY))
        .as("only who may use any address can be meant")
        .isEqualTo(once("red-near", "red-far", "h2"));
    assertThat(heard("blue-sender", EVERYBODY)).isEqualTo(once("blue-far", "h4"));
    captures.values().forEach(Capture::close);
    captures.clear();
    guests.clear();

    String green = cloud.network("green", "10.0.0.0/24", "vlan,wire,100");
    settle(green, "green", secured);
    for (String destination : List.of(EVERYBODY, GROUP)) {
      assertThat(heard("green-sender", destination))
          .isEqualTo(once("green-near", "green-far", "green-closed"));
    }
    assertThat(heard("green-far", NOBODY)).isEqualTo(once("green-sender", "green-near"));
    captures.values().forEach(Capture::close);
  }

  private String openGroup() {
    Api api = cloud.api();
    String group = api.create("security_group", Map.of("name", "all")).get("id").asString();
    api.create("security_group_rule", Map.of("security_group_id", group, "direction", "ingress"));
    return group;
  }

  private void settle(String network, String name, Map<String, ?> secured) {
    guest(hosts.get(0), name + "-sender", network, OPEN);
    guest(hosts.get(0), name + "-near", network, OPEN);
    guest(hosts.get(1), name + "-far", network, OPEN);
    guest(hosts.get(2), name + "-closed", network, secured);
    meet(name + "-sender", name + "-far");
    meet(name + "-sender", name + "-closed");
  }

  private void settle(String network, String name) {
    guest(hosts.get(0), name + "-sender", network, OPEN);
    guest(hosts.get(3), name + "-far", network, OPEN);
    meet(name + "-sender", name + "-far");
  }

  private void guest(LabHost host, String name, String network, Map<String, ?> more) {
    Guest guest = cloud.settled(host, name, network, more);
    guests.put(name, guest);
    captures.put(name, guest.capture(Guest.DEVICE));
  }

  /** The switch drops what it would tunnel until it has found the other end's MAC address. */
  private void meet(String one, String other) {
    Guest guest = guests.get(one);
    Eventually.within(LIMIT, one + " reaches " + other, () -> guest.ping(cloud.address(other)));
  }

  private static Map<String, Long> once(String... names) {
    Map<String, Long> counts = new TreeMap<>();
    for (String name : names) {
      counts.put(name, 1L);
    }
    return counts;
  }

  /**
   * Who hears a frame, and how often. What goes the same ways afterwards has come by then, so what
   * has not come by then does not come.
   */
  private Map<String, Long> heard(String from, String destination) {
    String text = "frame " + ++sent + " ends";
    send(from, destination, "10.0.0.200", text);
    for (String to : guests.keySet()) {
      String network = to.replaceFirst("-.*", "");
      String fellow =
          List.of(from, network + "-sender", network + "-far").stream()
              .filter(name -> name.startsWith(network) && !name.equals(to))
              .findFirst()
              .orElseThrow();
      String later = "after " + text + " for " + to;
      send(fellow, attribute(to, "mac_address"), cloud.address(to), later);
      captures.get(to).await(LIMIT, later, frame -> frame.carries(later));
    }
    Map<String, Long> counts = new TreeMap<>();
    captures.forEach((name, capture) -> {
      long count =
          capture.frames().stream()
              .filter(frame -> frame.carries(text) && !frame.carries("after " + text))
              .count();
      if (count > 0 && !name.equals(from)) {
        counts.put(name, count);
      }
    });
    return counts;
  }

  private void send(String from, String destinationMac, String destination, String text) {
    guests
        .get(from)
        .send(
            Guest.DEVICE,
            Frame.text(
                attribute(from, "mac_address"),
                destinationMac,
                cloud.address(from),
                destination,
                9,
                text));
  }

  private String attribute(String port, String name) {
    return cloud.api().list("port", Map.of("name", port)).getFirst().get(name).asString();
  }
}
