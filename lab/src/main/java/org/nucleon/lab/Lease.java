package org.nucleon.lab;

import java.util.List;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;

/**
 * What a guest's DHCP client was given, as the client tells it.
 *
 * @param event {@code bound} or {@code renew}
 * @param address its IPv4 address
 * @param prefixLength of its subnet
 * @param router option 3, empty if there was none
 * @param mtu option 26, empty if there was none
 * @param dns option 6
 * @param domain option 15, empty if there was none
 * @param routes option 121 as destination and next hop by turns, next hop 0.0.0.0 for on-link
 * @param server the answering server's identifier
 * @param seconds for how long
 */
public record Lease(
    String event,
    String address,
    int prefixLength,
    String router,
    String mtu,
    List<String> dns,
    String domain,
    List<String> routes,
    String server,
    long seconds) {
  /** A whole line of the client's script. */
  static final Pattern LINE = Pattern.compile("(?m)^lease\\|(.*)\\|$");

  /** Keeps its own copies of the lists. */
  public Lease {
    dns = List.copyOf(dns);
    routes = List.copyOf(routes);
  }

  /** All leases that a client's log tells of, in order. */
  static List<Lease> all(String log) {
    return LINE.matcher(log).results().map(Lease::of).toList();
  }

  /** Reads a match of {@link #LINE}. */
  static Lease of(MatchResult line) {
    String[] part = line.group(1).split("\\|", -1);
    return new Lease(
        part[0],
        part[1],
        Integer.parseInt(part[2]),
        part[3],
        part[4],
        words(part[5]),
        part[6],
        words(part[7]),
        part[8],
        Long.parseLong(part[9]));
  }

  private static List<String> words(String text) {
    return text.isBlank() ? List.of() : List.of(text.strip().split(" "));
  }
}
