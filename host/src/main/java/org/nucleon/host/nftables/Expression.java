package org.nucleon.host.nftables;

import java.net.Inet6Address;
import java.net.InetAddress;
import java.util.EnumSet;
import java.util.Locale;
import java.util.Set;
import java.util.stream.Collectors;

/** A part of a rule: a condition, or what is done if all conditions before it hold. */
public sealed interface Expression {
  /** As nft reads it. */
  String text();

  /** The field has this value; with {@code not}, another. */
  record Is(Field field, boolean not, Data value) implements Expression {
    @Override
    public String text() {
      return field.text() + (not ? " != " : " ") + value.text();
    }
  }

  /** The field is in the set, or among the keys of the map; with {@code not}, is not. */
  record In(Field field, boolean not, String set) implements Expression {
    /** Checks the name. */
    public In {
      Identifier.check(set);
    }

    @Override
    public String text() {
      return field.text() + (not ? " != @" : " @") + set;
    }
  }

  /** The packet's connection is in one of these states. */
  record ConnectionState(Set<State> states) implements Expression {
    /** States of connections. */
    public enum State {
      /** Its first packet. */
      NEW,
      /** Packets have gone both ways. */
      ESTABLISHED,
      /** Started by another connection, or an ICMP error about one. */
      RELATED,
      /** Fits no connection. */
      INVALID
    }

    /** Puts them into order, so that equal sets make equal text. */
    public ConnectionState {
      states = java.util.Collections.unmodifiableSet(EnumSet.copyOf(states));
    }

    @Override
    public String text() {
      return states.stream()
          .map(state -> state.name().toLowerCase(Locale.ROOT))
          .collect(Collectors.joining(",", "ct state ", ""));
    }
  }

  /** The packet's connection had its destination translated. */
  record DestinationTranslated() implements Expression {
    @Override
    public String text() {
      return "ct status dnat";
    }
  }

  /** Counts packets and bytes that come to it. */
  record Counter() implements Expression {
    @Override
    public String text() {
      return "counter";
    }
  }

  /** Sets the packet's mark. */
  record SetMark(Data.Numeral mark) implements Expression {
    @Override
    public String text() {
      return "meta mark set " + mark.text();
    }
  }

  /** Sets the mark of the packet's connection. */
  record SetConnectionMark(Data.Numeral mark) implements Expression {
    @Override
    public String text() {
      return "ct mark set " + mark.text();
    }
  }

  /** Ends the packet's way through this chain. */
  enum Verdict implements Expression {
    /** Lets it pass. */
    ACCEPT,
    /** Drops it. */
    DROP,
    /** Goes on in the chain that jumped here. */
    RETURN;

    @Override
    public String text() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  /** Goes through another chain first. */
  record Jump(String chain) implements Expression {
    /** Checks the name. */
    public Jump {
      Identifier.check(chain);
    }

    @Override
    public String text() {
      return "jump " + chain;
    }
  }

  /** Translates the source to the address of the device that the packet goes out by. */
  record Masquerade() implements Expression {
    @Override
    public String text() {
      return "masquerade";
    }
  }

  /** Translates the source. */
  record SourceTo(InetAddress address) implements Expression {
    @Override
    public String text() {
      return "snat " + family(address instanceof Inet6Address) + " to " + literal(address, 0);
    }
  }

  /** Translates the destination; port 0 keeps the port. */
  record DestinationTo(InetAddress address, int port) implements Expression {
    /** Checks the port. */
    public DestinationTo {
      checkPort(port);
    }

    @Override
    public String text() {
      return "dnat " + family(address instanceof Inet6Address) + " to " + literal(address, port);
    }
  }

  /** Translates the destination to this host's, at a port; a protocol must have been matched. */
  record Redirect(int port) implements Expression {
    /** Checks the port. */
    public Redirect {
      checkPort(port);
    }

    @Override
    public String text() {
      return "redirect to :" + port;
    }
  }

  /** Translates the source to what the map has for a field; goes on if it has nothing. */
  record SourceByMap(Field field, String map) implements Expression {
    /** Checks the name. */
    public SourceByMap {
      Identifier.check(map);
    }

    @Override
    public String text() {
      return "snat " + family(field.isIpv6()) + " to " + field.text() + " map @" + map;
    }
  }

  /** Translates the destination to what the map has for a field; goes on if it has nothing. */
  record DestinationByMap(Field field, String map) implements Expression {
    /** Checks the name. */
    public DestinationByMap {
      Identifier.check(map);
    }

    @Override
    public String text() {
      return "dnat " + family(field.isIpv6()) + " to " + field.text() + " map @" + map;
    }
  }

  /** The field has this value. */
  static Expression is(Field field, Data value) {
    return new Is(field, false, value);
  }

  /** The field has another value. */
  static Expression isNot(Field field, Data value) {
    return new Is(field, true, value);
  }

  private static String family(boolean ipv6) {
    return ipv6 ? "ip6" : "ip";
  }

  private static String literal(InetAddress address, int port) {
    String text = new Data.Ip(address).text();
    if (port == 0) {
      return text;
    }
    return (address instanceof Inet6Address ? "[" + text + "]" : text) + ":" + port;
  }

  private static void checkPort(int port) {
    if (port < 0 || port > 65535) {
      throw new IllegalArgumentException("not a port: " + port);
    }
  }
}
