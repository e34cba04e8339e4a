package org.nucleon.host.openflow;

import java.net.InetAddress;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.nucleon.host.ethernet.MacAddress;

/** What a flow does with a packet; see ovs-actions(7). No action at all drops the packet. */
public sealed interface Action {
  /** To a port; {@code bytes} limits what a controller gets and is 0 for other ports. */
  record Output(long port, int bytes) implements Action {}

  /** To the port whose number stands in a field. */
  record OutputField(Slice source) implements Action {}

  /** Writes the bits of {@code mask} in a field. */
  record SetField(Field field, Bits value, Bits mask) implements Action {
    /** Clears what lies outside the mask, and refuses what is wider than the field. */
    public SetField {
      Bits outside = Bits.ones(field.width()).not();
      if (!value.and(outside).isZero() || !mask.and(outside).isZero()) {
        throw new IllegalArgumentException("wider than " + field.ovsName() + ": " + value);
      }
      value = value.and(mask);
    }
  }

  /** Copies bits from one field to another; both of the same width. */
  record Move(Slice source, Slice target) implements Action {
    /** Refuses slices of different widths. */
    public Move {
      if (source.count() != target.count()) {
        throw new IllegalArgumentException("can't move " + source + " to " + target);
      }
    }
  }

  /** Puts a VLAN tag of this Ethernet type in front, with VLAN 0. */
  record PushVlan(int etherType) implements Action {}

  /** Takes the VLAN tag off. */
  record PopVlan() implements Action {}

  /** Lowers the IP TTL by one; a packet that has none left goes to the controller instead. */
  record DecrementTtl() implements Action {}

  /** Looks the packet up in another table, and comes back for the actions behind. */
  record Resubmit(int table) implements Action {}

  /**
   * Sends the packet through connection tracking.
   *
   * @param commit whether to remember the connection
   * @param force whether a connection in the other direction is replaced; needs commit
   * @param zone where to look
   * @param table where the tracked packet goes on; null if nowhere
   * @param nat the translation, or null
   * @param exec {@link SetField} of ct_mark or ct_label, written to the connection; needs commit
   */
  record Track(
      boolean commit,
      boolean force,
      Zone zone,
      @Nullable Integer table,
      @Nullable Nat nat,
      List<Action> exec)
      implements Action {
    /** Takes a copy of the list. */
    public Track {
      exec = List.copyOf(exec);
    }

    /** The same with {@code action} done to the connection's mark or label. */
    public Track exec(Action action) {
      return new Track(
          commit,
          force,
          zone,
          table,
          nat,
          Stream.concat(exec.stream(), Stream.of(action)).toList());
    }

    /** The same with this translation. */
    public Track nat(Nat translation) {
      return new Track(commit, force, zone, table, translation, exec);
    }

    /** The same, replacing a connection that was committed in the other direction. */
    public Track forced() {
      return new Track(commit, true, zone, table, nat, exec);
    }
  }

  /** Forgets what connection tracking said of the packet. */
  record ClearTracking() implements Action {}

  /**
   * The flow is one member of a dimension of a conjunctive match; see ovs-fields(7).
   *
   * @param id the conjunction, matched by {@link Match#conjId}
   * @param clause this dimension, from 1
   * @param of how many dimensions there are, 2 to 64
   */
  record Conjunction(long id, int clause, int of) implements Action {}

  /** Does nothing; carries these bytes, in hexadecimal, for whoever reads the flow. */
  record Note(String hex) implements Action {
    /** Fills the bytes up with zeros as the switch does: 6, 14, 22 and so on. */
    public Note {
      int bytes = hex.length() / 2;
      hex = hex + "00".repeat((8 - (bytes + 2) % 8) % 8);
    }
  }

  /** Drops the packet if the meter of this number has seen too many; it must be there. */
  record Metered(long meter) implements Action {}

  /** Goes on in a later table. Always the last action. */
  record GotoTable(int table) implements Action {}

  /** An action in a dumped flow that this list does not have, as it was received; never sent. */
  record Unknown(String hex) implements Action {}

  /** To the port of this OpenFlow number. */
  static Action output(long port) {
    return new Output(port, 0);
  }

  /** To the port whose number stands in these bits. */
  static Action output(Slice source) {
    return new OutputField(source);
  }

  /** To the port whose number stands in register {@code number}. */
  static Action outputReg(int number) {
    return new OutputField(Field.reg(number).all());
  }

  /** Back to where the packet came from. */
  static Action inPort() {
    return output(Port.IN_PORT);
  }

  /** To the switch's own learning and flooding. */
  static Action normal() {
    return output(Port.NORMAL);
  }

  /** The whole packet to the controllers. */
  static Action controller() {
    return new Output(Port.CONTROLLER, 0xffff);
  }

  /** Writes a whole field. */
  static Action set(Field field, Bits value) {
    return new SetField(field, value, Bits.ones(field.width()));
  }

  /** Writes a whole field of at most 64 bits. */
  static Action set(Field field, long value) {
    return set(field, Bits.of(value));
  }

  /** Writes an Ethernet address. */
  static Action set(Field field, MacAddress mac) {
    return set(field, Bits.of(mac.value()));
  }

  /** Writes an IP address. */
  static Action set(Field field, InetAddress address) {
    return set(field, Bits.of(address.getAddress()));
  }

  /** Writes some bits of a field. */
  static Action set(Slice target, long value) {
    return new SetField(
        target.field(),
        Bits.of(value).shiftLeft(target.offset()),
        Bits.ones(target.count()).shiftLeft(target.offset()));
  }

  /** Writes register {@code number}. */
  static Action setReg(int number, long value) {
    return set(Field.reg(number), value);
  }

  /** Writes the tunnel key of what leaves by a tunnel port with {@code key=flow}. */
  static Action setTunId(long id) {
    return set(Field.TUN_ID, id);
  }

  /** Writes the VLAN of a packet that has a tag. */
  static Action setVlan(int vid) {
    return set(Field.VLAN_VID, 0x1000 | vid);
  }

  /** Copies one whole field to another of the same width. */
  static Action move(Field source, Field target) {
    return new Move(source.all(), target.all());
  }

  /** Copies bits. */
  static Action move(Slice source, Slice target) {
    return new Move(source, target);
  }

  /** Puts an 802.1Q tag in front. */
  static Action pushVlan() {
    return new PushVlan(0x8100);
  }

  /** Takes the VLAN tag off. */
  static Action popVlan() {
    return new PopVlan();
  }

  /** Lowers the IP TTL by one. */
  static Action decrementTtl() {
    return new DecrementTtl();
  }

  /** Looks the packet up in another table as well. */
  static Action resubmit(int table) {
    return new Resubmit(table);
  }

  /** Looks the packet up in its zone and goes on in {@code table}. */
  static Track track(Zone zone, int table) {
    return new Track(false, false, zone, table, null, List.of());
  }

  /** Remembers the connection in its zone; the packet goes on with the next action. */
  static Track commit(Zone zone) {
    return new Track(true, false, zone, null, null, List.of());
  }

  /** Remembers the connection in its zone and goes on in {@code table}. */
  static Track commit(Zone zone, int table) {
    return new Track(true, false, zone, table, null, List.of());
  }

  /** Forgets what connection tracking said of the packet. */
  static Action clearTracking() {
    return new ClearTracking();
  }

  /** Member of dimension {@code clause} (from 1) of {@code of}. */
  static Action conjunction(long id, int clause, int of) {
    return new Conjunction(id, clause, of);
  }

  /** Through a meter, see {@link Meter}. */
  static Action meter(long number) {
    return new Metered(number);
  }

  /** Goes on in a later table. */
  static Action gotoTable(int table) {
    return new GotoTable(table);
  }
}
