package org.nucleon.dhcp.server;

import java.util.Locale;
import org.nucleon.core.ApiException;
import org.nucleon.core.resource.Draft;
import org.nucleon.core.resource.Resource;
import org.nucleon.core.schema.Values;
import org.nucleon.core.transaction.ResourceRules;
import org.nucleon.core.transaction.Transaction;
import org.nucleon.dhcp.api.DnsNames;

/** Ports' names are names in the domain of the cloud. */
final class DnsRules implements ResourceRules {

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
    settle(port);
  }

  @Override
  public void onUpdate(Transaction tx, Resource before, Draft port) {
    settle(port);
  }

  private void settle(Draft port) {
    if (!DnsNames.areOwnIn(domain)) {
      port.set(DnsNames.OF_PORT, "");
    } else if (port.isGiven(DnsNames.OF_PORT)) {
      check(port.get(DnsNames.OF_PORT));
    }
  }

  private void check(String name) {
    if (name.endsWith(".") && !name.endsWith("." + domain + ".")) {
      throw refused(
          name,
          "it ends with a dot, so that it must end with dns_domain, " + Values.quoted(domain));
    }
    if (!name.isEmpty()
        && !name.endsWith(".")
        && name.length() + 1 + domain.length() + 1 > DnsNames.MAX_NAME) {
      throw refused(name, "with dns_domain it is longer than " + DnsNames.MAX_NAME + " characters");
    }
  }

  private static ApiException refused(String name, String reason) {
    return ApiException.badRequest(
        "InvalidInput",
        "Invalid input for dns_name. Reason: " + Values.quoted(name) + ": " + reason + ".");
  }
}
