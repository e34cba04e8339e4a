package org.nucleon.host.nftables;

import java.net.InetAddress;
import java.util.regex.Pattern;
import org.nucleon.host.ethernet.IpPrefix;
import org.nucleon.host.ethernet.MacAddress;

/** A value in a rule, set or map. Being typed, none can smuggle in other commands. */
public sealed interface Data {
  /** As nft reads it, in one canonical form. */
  String text();

  /** An IPv4 or IPv6 address. */
  record Ip(InetAddress address) implements Data {
    @Override
    public String text() {
      return new Network(IpPrefix.host(address)).text();
    }
  }

  /** A network; its host bits don't count. */
  record Network(IpPrefix prefix) implements Data {
    @Override
    public String text() {
      IpPrefix network = prefix.network();
      boolean single = network.length() == network.address().getAddress().length * 8;
      return single ? network.address().getHostAddress() : network.toString();
    }
  }

  /** A MAC address. */
  record Mac(MacAddress address) implements Data {
    @Override
    public String text() {
      return address.toString();
    }
  }

  /** A device's name. */
  record Device(String name) implements Data {
    private static final Pattern NAME = Pattern.compile("[A-Za-z0-9_.@-]{1,15}");

    /**
     * Checks the name.
     *
     * @throws IllegalArgumentException if it has other than letters, digits and {@code _.@-}
     */
    public Device {
      if (!NAME.matcher(name).matches()) {
        throw new IllegalArgumentException("not a device's name: " + name);
      }
    }

    @Override
    public String text() {
      return '"' + name + '"';
    }
  }

  /** A port, mark or protocol: 0 to 2^32 - 1. */
  record Numeral(long value) implements Data {
    /**
     * Checks the range.
     *
     * @throws IllegalArgumentException if it has more than 32 bits
     */
    public Numeral {
      if (value >>> 32 != 0) {
        throw new IllegalArgumentException("more than 32 bits: " + value);
      }
    }

    @Override
    public String text() {
      return Long.toString(value);
    }
  }

  /** An address from its text, never looked up. */
  static Data ip(String literal) {
    return new Ip(InetAddress.ofLiteral(literal));
  }

  /** A network from its text. */
  static Data network(String literal) {
    return new Network(IpPrefix.parse(literal));
  }
}
