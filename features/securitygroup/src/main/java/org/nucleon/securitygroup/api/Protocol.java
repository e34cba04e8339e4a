package org.nucleon.securitygroup.api;

import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import org.nucleon.core.schema.InvalidValue;
import org.nucleon.core.schema.ValueType;
import org.nucleon.core.schema.Values;

/**
 * An IP protocol as a rule names it: one of Neutron's names, or a number.
 *
 * @param text as given, in lower case
 * @param number IANA's protocol number
 */
public record Protocol(String text, int number) {

  private static final Map<String, Integer> NAMES =
      new TreeMap<>(
          Map.ofEntries(
              Map.entry("ah", 51),
              Map.entry("dccp", 33),
              Map.entry("egp", 8),
              Map.entry("esp", 50),
              Map.entry("gre", 47),
              Map.entry("hopopt", 0),
              Map.entry("icmp", 1),
              Map.entry("icmpv6", 58),
              Map.entry("igmp", 2),
              Map.entry("ip", 0),
              Map.entry("ipip", 4),
              Map.entry("ipv6-encap", 41),
              Map.entry("ipv6-frag", 44),
              Map.entry("ipv6-icmp", 58),
              Map.entry("ipv6-nonxt", 59),
              Map.entry("ipv6-opts", 60),
              Map.entry("ipv6-route", 43),
              Map.entry("ospf", 89),
              Map.entry("pgm", 113),
              Map.entry("rsvp", 46),
              Map.entry("sctp", 132),
              Map.entry("tcp", 6),
              Map.entry("udp", 17),
              Map.entry("udplite", 136),
              Map.entry("vrrp", 112)));

  /** ICMP. */
  public static final int ICMP = 1;

  /** TCP. */
  public static final int TCP = 6;

  /** UDP. */
  public static final int UDP = 17;

  /** ICMP for IPv6. */
  public static final int ICMPV6 = 58;

  /** DCCP. */
  public static final int DCCP = 33;

  /** SCTP. */
  public static final int SCTP = 132;

  /** UDP-Lite. */
  public static final int UDPLITE = 136;

  /** A name or a number from 0 to 255. */
  public static final ValueType<Protocol> TYPE =
      new ValueType<>() {
        @Override
        public Protocol parse(Object json) throws InvalidValue {
          String text = String.valueOf(json).toLowerCase(Locale.ROOT);
          Integer named = NAMES.get(text);
          if (named != null) {
            return new Protocol(text, named);
          }
          if (text.matches("[0-9]{1,3}") && Integer.parseInt(text) <= 255) {
            int number = Integer.parseInt(text);
            return new Protocol(Integer.toString(number), number);
          }
          throw InvalidValue.named(
              "SecurityGroupRuleInvalidProtocol",
              "Security group rule protocol %s not supported. Only protocol values %s and integer representations [0 to 255] are supported."
                  .formatted(Values.quoted(json), NAMES.keySet()));
        }

        @Override
        public Object render(Protocol value) {
          return value.text();
        }

        @Override
        public String about() {
          return "a protocol's name or number";
        }
      };

  /** Whether packets of the protocol have ports that rules can match. */
  public boolean hasPorts() {
    return number == TCP || number == UDP || number == SCTP || number == DCCP || number == UDPLITE;
  }

  /** Whether it is ICMP, for either version of IP. */
  public boolean isIcmp() {
    return number == ICMP || number == ICMPV6;
  }

  /** Whether there is no such protocol over IPv4. */
  public boolean isIpv6Only() {
    return number == ICMPV6
        || number == 41
        || number == 43
        || number == 44
        || number == 59
        || number == 60;
  }
}
