package org.nucleon.host.openflow;

import java.net.InetAddress;
import org.jspecify.annotations.Nullable;

/**
 * Address translation of a tracked connection: the {@code nat} of a {@code ct} action.
 *
 * @param kind which address a new connection gets translated
 * @param first the lowest new address; null with {@link Kind#EXISTING}
 * @param last the highest new address; equal to {@code first} if there is one only
 * @param ports the new ports; null leaves the choice to the switch
 */
public record Nat(
    Kind kind, @Nullable InetAddress first, @Nullable InetAddress last, @Nullable PortRange ports) {
  /** What is translated. */
  public enum Kind {
    /** Only packets of connections that are translated already. */
    EXISTING,
    /** The source address. */
    SOURCE,
    /** The destination address. */
    TARGET
  }

  /** Refuses a translation without an address, and an address without a translation. */
  public Nat {
    if ((kind == Kind.EXISTING) != (first == null) || (first == null) != (last == null)) {
      throw new IllegalArgumentException(kind + " with " + first + " to " + last);
    }
  }

  /** Applies the translation that the connection has already. */
  public static Nat existing() {
    return new Nat(Kind.EXISTING, null, null, null);
  }

  /** Translates the source address to this one. */
  public static Nat source(InetAddress address) {
    return new Nat(Kind.SOURCE, address, address, null);
  }

  /** Translates the destination address to this one. */
  public static Nat target(InetAddress address) {
    return new Nat(Kind.TARGET, address, address, null);
  }

  /** The same with new ports out of this range. */
  public Nat withPorts(PortRange range) {
    return new Nat(kind, first, last, range);
  }

  /** In ovs-ofctl's syntax. */
  @Override
  public String toString() {
    if (first == null || last == null) {
      return "nat";
    }
    var text = new StringBuilder(kind == Kind.SOURCE ? "nat(src=" : "nat(dst=");
    text.append(bracket(first));
    if (!last.equals(first)) {
      text.append('-').append(bracket(last));
    }
    if (ports != null) {
      text.append(':').append(ports.first());
      if (ports.last() != ports.first()) {
        text.append('-').append(ports.last());
      }
    }
    return text.append(')').toString();
  }

  private static String bracket(InetAddress address) {
    return address.getAddress().length == 4
        ? address.getHostAddress()
        : "[" + address.getHostAddress() + "]";
  }
}
