package org.nucleon.lab;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

/** Taps come and go in every order that Nova has, and some that it has not. */
@Tag("lab")
@LabScenario
final class PlugTest {

  private static final Duration LIMIT = Duration.ofSeconds(30);
  private static final Duration HEARD = Duration.ofSeconds(5);

  @Test
  void portsAreServedWhateverComesFirst(Lab lab) {
    LabHost h1 = lab.host("h1");
    LabHost h2 = lab.host("h2");
    Cloud cloud = Cloud.on(lab, h1, h2);
    Api api = cloud.api();
    String red = cloud.network("red", "10.1.0.0/24");
    String group = api.create("security_group", Map.of("name", "all")).get("id").asString();
    api.create("security_group_rule", Map.of("security_group_id", group, "direction", "ingress"));
    Map<String, ?> grouped = Map.of("security_groups", List.of(group));
    Guest a = cloud.guest(h1, "a", red, grouped);
    a.dhcp();

    // The tap is there before the port is bound
    JsonNode early =
        api.create(
            "port", Map.of("network_id", red, "name", "early", "security_groups", List.of(group)));
    String id = early.get("id").asString();
    Guest guest = h1.guest("early");
    guest.plug(id, early.get("mac_address").asString());
    guest.address(cloud.address("early") + "/24");
    assertThat(guest.ping(cloud.address("a"))).as("unbound").isFalse();
    api.update("port", id, Map.of("binding:host_id", "h1"));
    cloud.awaitStatus("port", id, "ACTIVE");
    Eventually.within(LIMIT, "early reaches a", () -> guest.ping(cloud.address("a")));

    // Bound to another host, the tap that stays behind is worth nothing
    api.update("port", id, Map.of("binding:host_id", "h2"));
    Eventually.within(LIMIT, "the old place is closed", () -> !guest.ping(cloud.address("a")));
    cloud.awaitStatus("port", id, "DOWN");
    Guest moved = h2.guest("moved");
    moved.plug(id, early.get("mac_address").asString());
    moved.address(cloud.address("early") + "/24");
    cloud.awaitStatus("port", id, "ACTIVE");
    assertThat(moved.ping(cloud.address("a"))).isTrue();
    assertThat(guest.ping(cloud.address("a"))).isFalse();

    // Unplugged and plugged again
    moved.unplug();
    cloud.awaitStatus("port", id, "DOWN");
  }

  /** Nobody's port, or none at all: not a bridge between the guests. */
  @Test
  void tapsThatTheServerDoesNotKnowAreIsolated(Lab lab) {
    LabHost h1 = lab.host("h1");
    Cloud cloud = Cloud.on(lab, h1);
    Api api = cloud.api();
    String red = cloud.network("red", "10.1.0.0/24");
    String group = api.create("security_group", Map.of("name", "all")).get("id").asString();
    api.create("security_group_rule", Map.of("security_group_id", group, "direction", "ingress"));
    Guest a = cloud.guest(h1, "a", red, Map.of("security_groups", List.of(group)));
    a.dhcp();
    Guest stranger = h1.guest("stranger");
    stranger.plug(UUID.randomUUID().toString(), "fa:16:3e:00:00:66");
    stranger.address("10.1.0.66/24");
    Guest other = h1.guest("other");
    other.plug(UUID.randomUUID().toString(), "fa:16:3e:00:00:67");
    other.address("10.1.0.67/24");
    try (Capture heard = stranger.capture(Guest.DEVICE);
        Capture byGuest = a.capture(Guest.DEVICE)) {
      assertThat(stranger.ping(cloud.address("a"))).isFalse();
      assertThat(stranger.ping("10.1.0.67")).isFalse();
      assertThat(a.ping("10.1.0.66")).isFalse();
      String mac = api.show("port", cloud.port("a")).get("mac_address").asString();
      a.send(
          Guest.DEVICE,
          Frame.text(mac, "ff:ff:ff:ff:ff:ff", cloud.address("a"), "10.1.0.255", 9, "to all"));
      Guest b = cloud.guest(h1, "b", red, Map.of("security_groups", List.of(group)));
      b.dhcp();
      assertThat(b.ping(cloud.address("a"))).isTrue();
      byGuest.await(HEARD, "b", frame -> frame.hex().contains(hex(cloud, api, "b")));
      assertThat(heard.heard(frame -> frame.sourceMac().equals(mac))).isFalse();
      assertThat(byGuest.heard(frame -> frame.sourceMac().equals("fa:16:3e:00:00:66"))).isFalse();
    }
    assertThat(cloud.difference(h1)).contains("no difference");
  }

  private static String hex(Cloud cloud, Api api, String port) {
    return api.show("port", cloud.port(port)).get("mac_address").asString().replace(":", "");
  }
}
