package org.nucleon.host.openflow;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** A match in ovs-ofctl's syntax: a word for the protocol, then {@code field=value}. */
final class MatchText {
  private MatchText() {}

  static String of(Match match) {
    var words = new ArrayList<String>();
    Long type = exact(match, Field.ETH_TYPE);
    Long protocol = exact(match, Field.IP_PROTO);
    String transport = type == null || protocol == null ? null : transport(type, protocol);
    String word = transport != null ? transport : type == null ? null : network(type);
    if (word != null) {
      words.add(word);
    }
    for (Match.Term term : match.terms()) {
      boolean said =
          (term.field() == Field.ETH_TYPE && word != null)
              || (term.field() == Field.IP_PROTO && transport != null);
      if (!said) {
        words.add(condition(term));
      }
    }
    if (!match.unknown().isEmpty()) {
      words.add("unknown=" + match.unknown());
    }
    return String.join(",", words);
  }

  private static String condition(Match.Term term) {
    if (term.field() == Field.VLAN_VID) {
      return term.mask().low() == 0x1fff && term.value().low() != 0
          ? "dl_vlan=" + (term.value().low() & 0xfff)
          : "vlan_tci=0x" + hex4(term.value().low()) + "/0x" + hex4(term.mask().low());
    }
    return term.field().ovsName() + "=" + term.field().format(term.value(), term.mask());
  }

  private static String hex4(long value) {
    return String.format("%04x", value);
  }

  private static @Nullable Long exact(Match match, Field field) {
    List<Match.Term> found =
        match.terms().stream()
            .filter(t -> t.field() == field && t.mask().equals(Bits.ones(field.width())))
            .collect(Collectors.toList());
    return found.isEmpty() ? null : found.getFirst().value().low();
  }

  private static @Nullable String network(long type) {
    return switch ((int) type) {
      case Match.IPV4 -> "ip";
      case Match.ARP -> "arp";
      case Match.IPV6 -> "ipv6";
      default -> null;
    };
  }

  private static @Nullable String transport(long type, long protocol) {
    String name =
        switch ((int) protocol) {
          case Match.TCP -> "tcp";
          case Match.UDP -> "udp";
          case Match.SCTP -> "sctp";
          default -> null;
        };
    if (type == Match.IPV4) {
      return protocol == Match.ICMP ? "icmp" : name;
    }
    if (type == Match.IPV6) {
      return protocol == Match.ICMPV6 ? "icmp6" : name == null ? null : name + "6";
    }
    return null;
  }
}
