package org.nucleon.dhcp.server;

import java.util.List;
import java.util.Locale;
import org.nucleon.core.ApiException;
import org.nucleon.core.resource.Draft;
import org.nucleon.core.resource.Resource;
import org.nucleon.core.schema.Values;
import org.nucleon.core.transaction.ResourceRules;
import org.nucleon.core.transaction.Transaction;
import org.nucleon.dhcp.api.DnsAssignment;
import org.nucleon.dhcp.api.DnsNames;
import org.nucleon.network.api.Ports;

/** Ports' names are names in the domain of the cloud, and each address of a port has one. */
final class DnsRules implements ResourceRules {

  /** RFC 1035, 2.3.4. */
  private static final int MAX_NAME = 255;

  private final String domain;

  /**
   * Rules for a cloud.
   *
   * @param domain its domain; in the one that all clouds share by default ports have no names
   */
  DnsRules(String domain) {
    this.domain = domain.toLowerCase(Locale.ROOT);
  }

  @Override
  public void onCreate(Transaction tx, Draft port) {
    assign(port);
  }

  @Override
  public void onUpdate(Transaction tx, Resource before, Draft port) {
    assign(port);
  }

  private void assign(Draft port) {
    if (!DnsNames.areOwnIn(domain)) {
      port.set(DnsNames.OF_PORT, "");
    }
    String name = port.get(DnsNames.OF_PORT);
    List<DnsAssignment> assigned =
        port.get(Ports.FIXED_IPS).stream()
            .map(ip -> {
              String host = DnsNames.host(name, ip.ip(), domain);
              return new DnsAssignment(
                  ip.ip(),
                  name.isEmpty() ? host : name,
                  host + (domain.isEmpty() ? "." : "." + domain + "."));
            })
            .toList();
    if (port.isGiven(DnsNames.OF_PORT) && !name.isEmpty()) {
      check(name);
    }
    if (!assigned.equals(port.get(DnsNames.ASSIGNMENT))) {
      port.set(DnsNames.ASSIGNMENT, assigned);
    }
  }

  private void check(String name) {
    if (name.endsWith(".") && !name.endsWith("." + domain + ".")) {
      throw refused(
          name,
          "it ends with a dot, so that it must end with dns_domain, " + Values.quoted(domain));
    }
    if (!name.endsWith(".") && name.length() + 1 + domain.length() + 1 > MAX_NAME) {
      throw refused(name, "with dns_domain it is longer than " + MAX_NAME + " characters");
    }
  }

  private static ApiException refused(String name, String reason) {
    return ApiException.badRequest(
        "InvalidInput",
        "Invalid input for dns_name. Reason: " + Values.quoted(name) + ": " + reason + ".");
  }
}
