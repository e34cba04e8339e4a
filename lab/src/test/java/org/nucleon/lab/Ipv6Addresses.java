package org.nucleon.lab;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import tools.jackson.databind.JsonNode;

/** The IPv6 addresses that a guest's port has, and those that the guest has given itself. */
final class Ipv6Addresses {
  private static final Duration LIMIT = Duration.ofSeconds(40);

  private Ipv6Addresses() {}

  /** Those of the port of that name. */
  static List<String> of(Cloud cloud, String port) {
    List<String> addresses = new ArrayList<>();
    for (JsonNode one : cloud.api().show("port", cloud.port(port)).get("fixed_ips")) {
      String address = one.get("ip_address").asString();
      if (address.contains(":")) {
        addresses.add(address);
      }
    }
    return addresses;
  }

  /** Waits until a guest has configured an address and knows that it is nobody else's. */
  static void await(Guest guest, String address) {
    Eventually.within(
        LIMIT,
        guest + " has " + address,
        () -> guest.machine().exec("ip", "-6", "addr", "show", "dev", Guest.DEVICE),
        shown -> shown.contains(" " + address + "/") && !shown.contains("tentative"));
  }
}
