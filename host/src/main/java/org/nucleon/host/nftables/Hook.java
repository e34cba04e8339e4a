package org.nucleon.host.nftables;

import java.util.Locale;

/**
 * Where packets enter a chain by themselves.
 *
 * @param type what the chain is for
 * @param point where on a packet's way
 * @param priority order among the chains of one point, lowest first; see nft(8) for the usual ones
 * @param drop whether packets that no rule decides on are dropped; else they pass
 */
public record Hook(Type type, Point point, int priority, boolean drop) {
  /** What a chain is for. */
  public enum Type {
    /** Letting pass and dropping. */
    FILTER,
    /** Translating addresses, at the first packet of a connection. */
    NAT,
    /** Routing again what is sent from here after its header was changed. */
    ROUTE;

    String text() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  /** Where on a packet's way. */
  public enum Point {
    /** Before routing. */
    PREROUTING,
    /** To this host. */
    INPUT,
    /** Through this host. */
    FORWARD,
    /** From this host. */
    OUTPUT,
    /** After routing. */
    POSTROUTING;

    String text() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  String text() {
    return "type "
        + type.text()
        + " hook "
        + point.text()
        + " priority "
        + priority
        + "; policy "
        + (drop ? "drop" : "accept")
        + ";";
  }
}
