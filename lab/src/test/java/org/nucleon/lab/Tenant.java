package org.nucleon.lab;

import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * Somebody who makes, changes and removes networks, ports with guests, security groups, routers and
 * floating IPs of his own, whatever dies meanwhile, and knows what must pass in the end.
 */
final class Tenant {

  private static final Duration LIMIT = Duration.ofSeconds(60);
  private static final int MOST_NETWORKS = 2;
  private static final int MOST_GUESTS = 4;

  private final SmallCloud small;
  private final PatientClient client;
  private final String name;
  private final Random random;
  private final String closed;
  private final String changing;
  private final List<Net> nets = new ArrayList<>();
  private final List<Placed> guests = new ArrayList<>();
  private @Nullable String rule;
  private @Nullable String opening;
  private int made;

  /** A network of his, with one subnet. */
  private static final class Net {
    final String id;
    final String subnet;
    @Nullable String router;

    Net(String id, String subnet) {
      this.id = id;
      this.subnet = subnet;
    }
  }

  /** A guest of his. */
  static final class Placed {
    final Guest guest;
    final String port;
    final String address;
    private final Net net;
    private String group;
    private @Nullable String floating;
    private @Nullable String floatingAddress;

    private Placed(Guest guest, String port, String address, Net net, String group) {
      this.guest = guest;
      this.port = port;
      this.address = address;
      this.net = net;
      this.group = group;
    }

    /** Whether it is on the same network. */
    boolean neighbours(Placed other) {
      return net == other.net && this != other;
    }

    /** Whether its network has a router with a gateway. */
    boolean routed() {
      return net.router != null;
    }

    /** Its floating IP, if it has one. */
    @Nullable String floating() {
      return floatingAddress;
    }
  }

  Tenant(SmallCloud small, Ledger ledger, int number, long seed) {
    this.small = small;
    this.client = new PatientClient(small.cloud.api(), ledger);
    this.name = "t" + number;
    this.random = new Random(seed + number);
    closed = id(client.create("security_group", Map.of("name", name + "closed")));
    changing = id(client.create("security_group", Map.of("name", name + "changing")));
  }

  /** Does one thing. */
  void change() {
    switch (random.nextInt(10)) {
      case 0 -> network();
      case 1, 2 -> guest();
      case 3, 4 -> regroup();
      case 5 -> rule();
      case 6 -> router();
      case 7 -> floating();
      case 8 -> {
        if (guests.size() > 1) {
          remove(any(guests));
        }
      }
      default -> {
        if (nets.size() == MOST_NETWORKS) {
          remove(any(nets));
        }
      }
    }
  }

  /** His guests. */
  List<Placed> guests() {
    return List.copyOf(guests);
  }

  /** Whether a guest's security group lets others begin to speak to it. */
  boolean open(Placed guest) {
    return guest.group.equals(small.group)
        || guest.group.equals(changing) && rule != null
        || opening != null;
  }

  /** Lets everybody speak to every guest. */
  void open() {
    opening = allow(closed);
    if (rule == null) {
      rule = allow(changing);
    }
  }

  /** Removes all that is his. */
  void leave() {
    List.copyOf(nets).forEach(this::remove);
    for (String one : new String[] {rule, opening}) {
      if (one != null) {
        client.delete("security_group_rule", one);
      }
    }
    client.delete("security_group", closed);
    client.delete("security_group", changing);
  }

  private void network() {
    if (nets.size() < MOST_NETWORKS) {
      String called = next("n");
      String id = id(client.create("network", Map.of("name", called)));
      Map<String, Object> subnet = new HashMap<>();
      subnet.put("name", called);
      subnet.put("network_id", id);
      subnet.put("ip_version", 4);
      subnet.put("cidr", "10.9." + random.nextInt(256) + ".0/24");
      nets.add(new Net(id, id(client.create("subnet", subnet))));
    }
  }

  private void guest() {
    if (nets.isEmpty() || guests.size() >= MOST_GUESTS) {
      return;
    }
    Net net = any(nets);
    LabHost host = random.nextBoolean() ? small.h1 : small.h2;
    String group = group();
    String called = next("g");
    Map<String, Object> attributes = new HashMap<>();
    attributes.put("name", called);
    attributes.put("network_id", net.id);
    attributes.put("binding:host_id", host.name());
    attributes.put("device_owner", "compute:nova");
    attributes.put("security_groups", List.of(group));
    JsonNode port = client.create("port", attributes);
    String address = port.get("fixed_ips").get(0).get("ip_address").asString();
    Placed placed = new Placed(host.guest(called), id(port), address, net, group);
    guests.add(placed);
    String mac = port.get("mac_address").asString();
    sooner("plug " + called, () -> placed.guest.plug(placed.port, mac));
  }

  private void regroup() {
    if (!guests.isEmpty()) {
      Placed guest = any(guests);
      guest.group = group();
      client.update("port", guest.port, Map.of("security_groups", List.of(guest.group)));
    }
  }

  private void rule() {
    String then = rule;
    if (then == null) {
      rule = allow(changing);
    } else {
      client.delete("security_group_rule", then);
      rule = null;
    }
  }

  private String allow(String group) {
    Map<String, String> key = Map.of("security_group_id", group, "direction", "ingress");
    return id(client.create("security_group_rule", key, key));
  }

  private void router() {
    if (nets.isEmpty()) {
      return;
    }
    Net net = any(nets);
    if (net.router == null) {
      Map<String, ?> attributes =
          Map.of("name", next("r"), "external_gateway_info", Map.of("network_id", small.external));
      String router = id(client.create("router", attributes));
      client.attach(router, net.subnet, true);
      net.router = router;
    } else {
      unroute(net);
    }
  }

  private void unroute(Net net) {
    String router = net.router;
    if (router != null) {
      guests.stream().filter(guest -> guest.net == net).forEach(this::unfloat);
      client.attach(router, net.subnet, false);
      client.delete("router", router);
      net.router = null;
    }
  }

  private void floating() {
    List<Placed> routed = guests.stream().filter(Placed::routed).toList();
    if (routed.isEmpty()) {
      return;
    }
    Placed guest = any(routed);
    if (guest.floating == null) {
      JsonNode floating =
          client.create(
              "floatingip",
              Map.of("floating_network_id", small.external, "port_id", guest.port),
              Map.of("port_id", guest.port));
      guest.floating = id(floating);
      guest.floatingAddress = floating.get("floating_ip_address").asString();
    } else {
      unfloat(guest);
    }
  }

  private void unfloat(Placed guest) {
    String floating = guest.floating;
    if (floating != null) {
      client.delete("floatingip", floating);
      guest.floating = null;
      guest.floatingAddress = null;
    }
  }

  private void remove(Placed guest) {
    unfloat(guest);
    if (random.nextBoolean()) {
      sooner("unplug " + guest.guest, guest.guest::unplug);
      client.delete("port", guest.port);
    } else {
      client.delete("port", guest.port);
      sooner("unplug " + guest.guest, guest.guest::unplug);
    }
    guest.guest.close();
    guests.remove(guest);
  }

  private void remove(Net net) {
    guests().stream().filter(guest -> guest.net == net).forEach(this::remove);
    unroute(net);
    client.delete("subnet", net.subnet);
    client.delete("network", net.id);
    nets.remove(net);
  }

  /** As Nova does, it tries again while the switch is away. */
  private static void sooner(String what, Runnable attempt) {
    Eventually.within(
        LIMIT,
        what,
        () -> {
          attempt.run();
          return true;
        });
  }

  private String group() {
    return any(List.of(small.group, closed, changing));
  }

  private <T> T any(List<T> all) {
    return all.get(random.nextInt(all.size()));
  }

  private String next(String kind) {
    return name + kind + ++made;
  }

  private static String id(JsonNode shown) {
    return shown.get("id").asString();
  }
}
