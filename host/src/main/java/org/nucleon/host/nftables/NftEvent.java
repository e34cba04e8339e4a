package org.nucleon.host.nftables;

/** What happened to the nftables of a namespace. */
public sealed interface NftEvent {
  /**
   * A transaction has changed a table, or made or removed it.
   *
   * @param family the table's
   * @param name the table's
   * @param port the netlink port id of who did it, to be compared with {@link Nftables#port()}
   */
  record TableChanged(Family family, String name, int port) implements NftEvent {}

  /** Events were lost because they came too fast: read all again. */
  record Overrun() implements NftEvent {}
}
