package org.nucleon.dhcp.agent;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.nucleon.core.net.IpAddress;
import org.nucleon.core.net.IpPrefix;
import org.nucleon.dhcp.api.ExtraDhcpOption;

/**
 * Which options of users dnsmasq can be told, and how. What a user writes reaches its configuration
 * only in the form that dnsmasq expects of the option (see {@code dnsmasq --help dhcp} and RFC
 * 2132): one that it does not understand could keep it from serving the whole network.
 */
final class PortOptions {

  static final Pattern DOMAIN = Pattern.compile("[A-Za-z0-9_]([A-Za-z0-9_.-]*[A-Za-z0-9_])?");
  private static final Pattern NUMBER = Pattern.compile("\\d{1,10}");

  private static final Map<String, Predicate<String>> FORMS = new HashMap<>();
  private static final Map<Integer, String> NAMES = new HashMap<>();

  /** Known to dnsmasq, of forms that are not told apart here, or its own. */
  private static final Set<Integer> OTHERS =
      Set.of(50, 51, 52, 53, 54, 55, 56, 57, 61, 80, 81, 82, 90, 93, 94, 97, 108, 118, 120, 125);

  static {
    Predicate<String> text = PortOptions::isText;
    Predicate<String> addresses = value -> each(value, PortOptions::isAddress);
    known(1, "netmask", PortOptions::isAddress);
    known(2, "time-offset", number(Integer.MAX_VALUE));
    known(3, "router", value -> value.isEmpty() || addresses.test(value));
    known(6, "dns-server", addresses);
    known(7, "log-server", addresses);
    known(9, "lpr-server", addresses);
    known(13, "boot-file-size", number(0xffff));
    known(15, "domain-name", text);
    known(16, "swap-server", addresses);
    known(17, "root-path", text);
    known(18, "extension-path", text);
    known(19, "ip-forward-enable", number(1));
    known(20, "non-local-source-routing", number(1));
    known(21, "policy-filter", addresses);
    known(22, "max-datagram-reassembly", number(0xffff));
    known(23, "default-ttl", number(0xff));
    known(26, "mtu", number(0xffff));
    known(27, "all-subnets-local", number(1));
    known(31, "router-discovery", number(1));
    known(32, "router-solicitation", PortOptions::isAddress);
    known(33, "static-route", addresses);
    known(34, "trailer-encapsulation", number(1));
    known(35, "arp-timeout", number(Integer.MAX_VALUE));
    known(36, "ethernet-encap", number(1));
    known(37, "tcp-ttl", number(0xff));
    known(38, "tcp-keepalive", number(Integer.MAX_VALUE));
    known(40, "nis-domain", text);
    known(41, "nis-server", addresses);
    known(42, "ntp-server", addresses);
    known(44, "netbios-ns", addresses);
    known(45, "netbios-dd", addresses);
    known(46, "netbios-nodetype", number(0xff));
    known(47, "netbios-scope", text);
    known(48, "x-windows-fs", addresses);
    known(49, "x-windows-dm", addresses);
    known(58, "T1", number(Integer.MAX_VALUE));
    known(59, "T2", number(Integer.MAX_VALUE));
    known(60, "vendor-class", text);
    known(64, "nis+-domain", text);
    known(65, "nis+-server", addresses);
    known(66, "tftp-server", text);
    known(67, "bootfile-name", text);
    known(68, "mobile-ip-home", addresses);
    known(69, "smtp-server", addresses);
    known(70, "pop3-server", addresses);
    known(71, "nntp-server", addresses);
    known(74, "irc-server", addresses);
    known(77, "user-class", text);
    known(100, "posix-timezone", text);
    known(101, "tzdb-timezone", text);
    known(119, "domain-search", value -> each(value, one -> DOMAIN.matcher(one).matches()));
    known(121, "classless-static-route", value -> value.isEmpty() || isRoutes(value));
    known(150, "tftp-server-address", addresses);
    FORMS.put("server-ip-address", PortOptions::isAddress);
  }

  private PortOptions() {}

  private static void known(int code, String name, Predicate<String> form) {
    FORMS.put(name, form);
    NAMES.put(code, name);
  }

  static boolean each(String value, Predicate<String> form) {
    return Stream.of(value.split(",", -1)).allMatch(form);
  }

  /** Printable ASCII without what has a meaning in dnsmasq's files. */
  static boolean isText(String value) {
    return !value.isBlank()
        && value.chars().allMatch(c -> c >= ' ' && c <= '~' && "\"#,\\".indexOf(c) < 0);
  }

  private static boolean isAddress(String text) {
    try {
      return IpAddress.parse(text).version() == 4;
    } catch (IllegalArgumentException e) {
      return false;
    }
  }

  static Predicate<String> number(int most) {
    return value -> NUMBER.matcher(value).matches() && Long.parseLong(value) <= most;
  }

  private static boolean isRoutes(String value) {
    List<String> parts = List.of(value.split(",", -1));
    for (int i = 0; i < parts.size(); i++) {
      if (!(i % 2 == 0 ? isPrefix(parts.get(i)) : isAddress(parts.get(i)))) {
        return false;
      }
    }
    return parts.size() % 2 == 0;
  }

  private static boolean isPrefix(String text) {
    try {
      return text.indexOf('/') > 0 && IpPrefix.parse(text).version() == 4;
    } catch (IllegalArgumentException e) {
      return false;
    }
  }

  /** The option in dnsmasq's words, without its tags; empty if dnsmasq cannot be told. */
  static Optional<String> line(ExtraDhcpOption option) {
    String value = option.text().strip();
    if (option.ipVersion() == 6) {
      return PortOptions6.line(option.name(), value);
    }
    boolean numbered = NUMBER.matcher(option.name()).matches() && option.name().length() < 4;
    int code = numbered ? Integer.parseInt(option.name()) : 0;
    String name = numbered ? NAMES.getOrDefault(code, "") : option.name();
    Predicate<String> form = FORMS.get(name);
    if (form != null) {
      return form.test(value)
          ? Optional.of("option:" + name + (value.isEmpty() ? "" : "," + value))
          : Optional.empty();
    }
    boolean free = code > 0 && code < 255 && !OTHERS.contains(code);
    return free && each(value, PortOptions::isText)
        ? Optional.of(code + "," + value)
        : Optional.empty();
  }
}
