package org.nucleon.lab;

import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.TreeMap;
import tools.jackson.databind.JsonNode;

/** Guests, and wires beside them, that listen: who hears a frame, and how often. */
final class Audience implements AutoCloseable {

  private static final Duration LIMIT = Duration.ofSeconds(10);

  private record Member(Guest guest, JsonNode port) {
    String mac() {
      return port.get("mac_address").asString();
    }

    String address() {
      return port.get("fixed_ips").get(0).get("ip_address").asString();
    }

    boolean isFellow(Member other) {
      return !equals(other) && port.get("network_id").equals(other.port.get("network_id"));
    }

    void send(String mac, String address, String text) {
      guest.send(Guest.DEVICE, Frame.text(mac(), mac, address(), address, 9, text));
    }
  }

  private final Map<String, Member> members = new LinkedHashMap<>();
  private final Map<String, Capture> captures = new TreeMap<>();
  private final Cloud cloud;
  private int sent;

  Audience(Cloud cloud) {
    this.cloud = cloud;
  }

  /** A guest listens, under the name that it shares with its port. */
  void add(Guest guest) {
    String name = guest.name();
    JsonNode port = cloud.api().show("port", cloud.port(name));
    members.put(name, new Member(guest, port));
    captures.put(name, guest.capture(Guest.DEVICE));
  }

  /** Whatever arrives at a device is heard, under a name of its own. */
  void add(String name, Endpoint endpoint, String device) {
    captures.put(name, endpoint.capture(device));
  }

  /** What is heard once, by each of these, and by nobody else. */
  static Map<String, Long> once(String... names) {
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
  Map<String, Long> heard(String from, String destinationMac) {
    Member sender = member(from);
    String text = "frame " + ++sent + " ends";
    sender.send(destinationMac, "10.0.0.200", text);
    members.forEach((name, member) -> {
      String later = "after " + text + " for " + name;
      fellow(member, sender).send(member.mac(), member.address(), later);
      captures.get(name).await(LIMIT, later, frame -> frame.carries(later));
    });
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

  private Member member(String name) {
    return members.get(name);
  }

  /** Somebody on the same network, the sender if it may be. */
  private Member fellow(Member of, Member sender) {
    return sender.isFellow(of)
        ? sender
        : members.values().stream().filter(of::isFellow).findFirst().orElseThrow();
  }

  @Override
  public void close() {
    captures.values().forEach(Capture::close);
  }
}
