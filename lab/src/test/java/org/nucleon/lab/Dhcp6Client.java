package org.nucleon.lab;

import java.time.Duration;
import java.util.Set;
import java.util.stream.Collectors;

/** A guest's client of DHCPv6, which configures the guest and runs on until it is asked again. */
final class Dhcp6Client {
  private static final Duration LIMIT = Duration.ofSeconds(40);
  private static final String SAID = "/run/said6";
  private static final String PREFIX = "new_dhcp6_";
  private static final String RUN =
      "dhclient -6 -1 -pf /run/dhclient6.pid -lf /run/leases6 -sf /run/configure6 ";

  private final Guest guest;

  Dhcp6Client(Guest guest) {
    this.guest = guest;
  }

  /** Asks for an address. Returns what it is told beside it, as {@code domain_search=...}. */
  Set<String> lease() {
    return ask("");
  }

  /** Asks for everything but an address. */
  Set<String> inform() {
    return ask("-S ");
  }

  /** Has the client of {@link #lease()} renew its lease: a new one does if that is due. */
  Set<String> renew() {
    end();
    guest.machine().exec("sed", "-i", "s/renew [0-9]*;/renew 1;/", "/run/leases6");
    guest.machine().script(RUN + Guest.DEVICE);
    Eventually.within(
        LIMIT, guest + " renews its lease", () -> said().contains("\nreason=RENEW6\n"));
    return told();
  }

  private Set<String> ask(String how) {
    Eventually.within(
        LIMIT,
        guest + " has a link-local address",
        () -> guest.machine().exec("ip", "-6", "addr", "show", "dev", Guest.DEVICE),
        shown -> shown.contains("fe80:") && !shown.contains("tentative"));
    end();
    guest
        .machine()
        .script(
            """
            cat >/run/configure6 <<'END'
            #!/bin/sh
            env >%1$s.new
            mv %1$s.new %1$s
            exec dhclient-script
            END
            chmod +x /run/configure6
            """
                .formatted(SAID));
    guest.machine().script(RUN + how + Guest.DEVICE);
    return told();
  }

  private void end() {
    guest
        .machine()
        .script("if [ -e /run/dhclient6.pid ]; then kill $(cat /run/dhclient6.pid) || :; fi");
  }

  private String said() {
    return "\n" + guest.machine().exec("cat", SAID) + "\n";
  }

  /** What may differ from one server or guest to another. */
  private Set<String> told() {
    return said()
        .lines()
        .filter(line -> line.startsWith(PREFIX))
        .map(line -> line.substring(PREFIX.length()))
        .filter(line -> line.startsWith("domain_search=") || line.startsWith("name_servers="))
        .collect(Collectors.toSet());
  }
}
