package org.nucleon.dhcp.agent;

import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.nucleon.core.net.IpAddress;

/** {@link PortOptions} for DHCPv6, see {@code dnsmasq --help dhcp6}. */
final class PortOptions6 {

  private static final Pattern NUMBER = Pattern.compile("\\d{1,5}");

  /** Numbers that are DHCPv6's own: RFC 8415, 21. */
  private static final int LAST_OF_PROTOCOL = 20;

  private PortOptions6() {}

  private record Known(int code, String name, Predicate<String> form, boolean addresses) {}

  private static final List<Known> KNOWN =
      List.of(
          new Known(21, "sip-server-domain", PortOptions6::areDomains, false),
          new Known(22, "sip-server", PortOptions6::areAddresses, true),
          new Known(23, "dns-server", PortOptions6::areAddresses, true),
          new Known(24, "domain-search", PortOptions6::areDomains, false),
          new Known(27, "nis-server", PortOptions6::areAddresses, true),
          new Known(28, "nis+-server", PortOptions6::areAddresses, true),
          new Known(29, "nis-domain", PortOptions6::areDomains, false),
          new Known(30, "nis+-domain", PortOptions6::areDomains, false),
          new Known(31, "sntp-server", PortOptions6::areAddresses, true),
          new Known(32, "information-refresh-time", PortOptions.number(Integer.MAX_VALUE), false),
          new Known(41, "posix-timezone", PortOptions::isText, false),
          new Known(42, "tzdb-timezone", PortOptions::isText, false),
          new Known(56, "ntp-server", PortOptions6::areAddresses, true),
          new Known(59, "bootfile-url", PortOptions::isText, false),
          new Known(60, "bootfile-param", PortOptions::isText, false));

  /** The option in dnsmasq's words, without its tags; empty if dnsmasq cannot be told. */
  static Optional<String> line(String option, String value) {
    int code = NUMBER.matcher(option).matches() ? Integer.parseInt(option) : 0;
    Optional<Known> known =
        KNOWN.stream().filter(k -> k.name().equals(option) || k.code() == code).findFirst();
    if (known.isPresent()) {
      return known
          .filter(k -> k.form().test(value))
          .map(k -> "option6:" + k.name() + "," + (k.addresses() ? bracketed(value) : value));
    }
    boolean free = code > LAST_OF_PROTOCOL && code <= 0xffff;
    return free && PortOptions.each(value, PortOptions::isText)
        ? Optional.of("option6:" + code + "," + value)
        : Optional.empty();
  }

  private static boolean areDomains(String value) {
    return PortOptions.each(value, one -> PortOptions.DOMAIN.matcher(one).matches());
  }

  private static boolean areAddresses(String value) {
    return PortOptions.each(value, PortOptions6::isAddress);
  }

  private static boolean isAddress(String text) {
    try {
      return IpAddress.parse(bare(text)).version() == 6;
    } catch (IllegalArgumentException e) {
      return false;
    }
  }

  /** Users write addresses with the brackets that dnsmasq wants, or without. */
  private static String bare(String text) {
    return text.startsWith("[") && text.endsWith("]") ? text.substring(1, text.length() - 1) : text;
  }

  private static String bracketed(String value) {
    return Stream.of(value.split(",", -1))
        .map(one -> "[" + IpAddress.parse(bare(one)) + "]")
        .collect(Collectors.joining(","));
  }
}
