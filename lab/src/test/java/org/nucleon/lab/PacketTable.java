package org.nucleon.lab;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.function.Function;

/**
 * What guests send each other, and what of it is to arrive. Six guests on one host, of two tenants:
 *
 * <ul>
 *   <li>a, c and d may send anything, and get UDP to 9000 and 9001; c and d are of the group
 *       "friends", and d may use some addresses beside its own;
 *   <li>b lets in what the rules of the group "web" say and may itself send UDP to 9000, no more;
 *   <li>a2 and b2 have the addresses of a and b, on another tenant's network, and may do nothing.
 * </ul>
 *
 * <p>Between all of them UDP to 9 passes, by which it is known that what was sent before has
 * arrived or will not.
 */
final class PacketTable {

  static final int MARKER = 9;
  static final String PAIR_MAC = "fa:16:3e:00:02:20";

  /**
   * A guest and its addresses.
   *
   * @param four its IPv4 address
   * @param six its IPv6 address
   */
  record Seat(Guest guest, String mac, String four, String six) {
    String address(int version) {
      return version == 4 ? four : six;
    }
  }

  /**
   * What is sent, and whether it is to arrive.
   *
   * @param hex by what it is known, in hexadecimal
   */
  record Row(String what, String from, String to, List<Frame> frames, String hex, boolean passes) {

    /** The same, but arriving in any case. */
    Row thatPasses() {
      return new Row(what, from, to, frames, hex, true);
    }

    @Override
    public String toString() {
      return (passes ? "did not pass: " : "passed: ") + from + " to " + to + ": " + what;
    }
  }

  private final Map<String, Seat> seats;
  private final List<Row> rows = new ArrayList<>();
  private final int first;
  private int version;

  private PacketTable(Map<String, Seat> seats, int first) {
    this.seats = seats;
    this.first = first;
  }

  /**
   * The table.
   *
   * @param first where its numbers begin; no packet of one number is like one of another
   */
  static List<Row> whole(Map<String, Seat> seats, int first) {
    PacketTable table = new PacketTable(seats, first);
    for (int version : new int[] {4, 6}) {
      table.version = version;
      table.ports();
      table.connections();
      table.protocols();
      table.remotes();
      table.directions();
      table.fragments();
      table.sources();
      table.servers();
      table.tenants();
    }
    table.arp();
    table.neighbours();
    return List.copyOf(table.rows);
  }

  /** After the rule that lets UDP to 5000 in is gone: what was allowed by it is no more. */
  static List<Row> withoutRule(Map<String, Seat> seats, int first) {
    PacketTable table = new PacketTable(seats, first);
    for (int version : new int[] {4, 6}) {
      table.version = version;
      table.drops("a", "b", "what went on by a rule", p -> p.udp(4000, 5000, table.text()));
      table.passes("a", "b", "what goes on by another", p -> p.udp(4000, 5100, table.text()));
    }
    return List.copyOf(table.rows);
  }

  private void ports() {
    passes("a", "b", "TCP, the first port of a range", p -> p.syn(4001, 80, number()));
    passes("a", "b", "TCP, the last port of a range", p -> p.syn(4002, 89, number()));
    drops("a", "b", "TCP, below the range", p -> p.syn(4003, 79, number()));
    drops("a", "b", "TCP, above the range", p -> p.syn(4004, 90, number()));
    drops("a", "b", "UDP, to a port of TCP's", p -> p.udp(4001, 80, text()));
    passes("a", "b", "UDP, the one port", p -> p.udp(4000, 5000, text()));
    drops("a", "b", "UDP, the next port", p -> p.udp(4000, 5001, text()));
  }

  private void connections() {
    passes("b", "a", "UDP, the answer", p -> p.udp(5000, 4000, text()));
    drops("b", "a", "UDP, an answer to nothing", p -> p.udp(5000, 4444, text()));
    drops("b", "a", "UDP, an answer from another port", p -> p.udp(5001, 4000, text()));
    passes("a", "b", "TCP, an opening", p -> p.syn(4100, 80, 1));
    passes("b", "a", "TCP, the answer", p -> p.synAck(80, 4100, 1, 2));
    passes("a", "b", "TCP, the third", p -> p.ack(4100, 80, 2, 2));
    drops("b", "a", "TCP, an answer to nothing", p -> p.synAck(80, 4199, 1, number()));
  }

  private void protocols() {
    passes("a", "b", "protocol 112", p -> p.protocol(112, text()));
    drops("a", "b", "protocol 113", p -> p.protocol(113, text()));
    int echo = version == 4 ? 8 : 128;
    int reply = version == 4 ? 0 : 129;
    int other = version == 4 ? 13 : 139;
    passes("a", "b", "ICMP echo", p -> p.icmp(echo, 0, text()));
    passes("b", "a", "ICMP echo reply", p -> p.icmp(reply, 0, text()));
    drops("b", "c", "ICMP echo reply to nothing", p -> p.icmp(reply, 0, text()));
    drops("a", "b", "ICMP of another type", p -> p.icmp(other, 0, text()));
    drops("a", "b", "ICMP echo of another code", p -> p.icmp(echo, 1, text()));
    drops("a", "b", "no IP at all", p -> p.notIp(text()));
  }

  private void remotes() {
    passes("a", "b", "from the rule's prefix", p -> p.udp(4000, 5100, text()));
    drops("c", "b", "from outside the rule's prefix", p -> p.udp(4000, 5100, text()));
    passes("c", "b", "from a member of the remote group", p -> p.udp(4000, 6010, text()));
    drops("c", "b", "from a member, another port", p -> p.udp(4000, 6011, text()));
    drops("a", "b", "from no member", p -> p.udp(4000, 6010, text()));
    passes("d", "b", "from a member's pair", p -> p.from(paired(1)).udp(4000, 6000, text()));
  }

  private void directions() {
    passes("b", "a", "what the sender's rule allows", p -> p.udp(4000, 9000, text()));
    drops("b", "a", "what no rule of the sender's allows", p -> p.udp(4000, 9001, text()));
    passes("c", "a", "what the receiver's rule allows", p -> p.udp(4000, 9001, text()));
    drops("c", "a", "what no rule of the receiver's allows", p -> p.udp(4000, 9002, text()));
  }

  private void fragments() {
    all(true, "a", "b", "fragments to the one port", p -> p.fragments(4000, 5000, text()));
    all(false, "a", "b", "fragments to the next port", p -> p.fragments(4000, 5001, text()));
    int echo = version == 4 ? 8 : 128;
    int other = version == 4 ? 13 : 139;
    all(true, "a", "b", "ICMP echo in fragments", p -> p.icmpFragments(echo, 0, text()));
    all(false, "a", "b", "other ICMP in fragments", p -> p.icmpFragments(other, 0, text()));
    all(true, "b", "a", "fragments that the sender may send", p -> p.fragments(1, 9000, text()));
    all(false, "b", "a", "fragments that it may not", p -> p.fragments(1, 9001, text()));
    all(false, "b", "a", "fragments that it may not, and the first again", this::firstAgain);
    int server = version == 4 ? 67 : 547;
    int client = version == 4 ? 68 : 546;
    all(false, "a", "b", "fragments, as a server", p -> p.fragments(server, client, text()));
    all(true, "a", "b", "fragments, as none", p -> p.fragments(server + 2, client, text()));
  }

  /** Whoever waits for its later fragments must not take those of the one before. */
  private List<Frame> firstAgain(Packet packet) {
    List<Frame> frames = new ArrayList<>(packet.fragments(2, 9001, text()));
    frames.add(frames.getFirst());
    return frames;
  }

  private void sources() {
    drops("a", "b", "another's IP", p -> p.from(address("c")).udp(4000, 5000, text()));
    drops("a", "b", "another's MAC", p -> p.fromMac(mac("c")).udp(4000, 5000, text()));
    drops("a", "b", "nobody's IP", p -> p.from(paired(9)).udp(4000, 5000, text()));
    passes("d", "b", "an IP of a pair", p -> p.from(paired(2)).udp(4000, 5000, text()));
    drops("d", "b", "an IP beside the pair", p -> p.from(paired(4)).udp(4000, 5000, text()));
    drops("d", "b", "a pair's MAC alone", p -> p.fromMac(PAIR_MAC).udp(4000, 5000, text()));
  }

  private void servers() {
    int server = version == 4 ? 67 : 547;
    int client = version == 4 ? 68 : 546;
    drops("a", "b", "as a DHCP server", p -> p.udp(server, client, text()));
    passes("a", "b", "as none", p -> p.udp(server + 2, client, text()));
  }

  /** What a and b said to each other is not known on the network of those like them. */
  private void tenants() {
    drops("a2", "b2", "what a may say to b", p -> p.udp(4000, 5000, text()));
    drops("b2", "a2", "what b may answer", p -> p.udp(5000, 4000, text()));
  }

  private void arp() {
    version = 4;
    passes("a", "b", "ARP, its own address", p -> arp(mac("a"), address("a")));
    drops("a", "b", "ARP, another's address", p -> arp(mac("a"), address("c")));
    drops("a", "b", "ARP, another's MAC", p -> arp(mac("c"), address("c")));
    passes("d", "b", "ARP, an address of a pair", p -> arp(mac("d"), paired(3)));
    String both = "10.1.0.220";
    passes("d", "b", "a pair", p -> p.fromMac(PAIR_MAC).from(both).udp(4000, 5000, text()));
    drops("d", "b", "a pair's IP alone", p -> p.from(both).udp(4000, 5000, text()));
  }

  private static Frame arp(String mac, String address) {
    return Frame.arpReply(mac, address, "ff:ff:ff:ff:ff:ff", address);
  }

  private void neighbours() {
    version = 6;
    passes("a", "b", "ND, its own address", p -> p.advertisement(address("a"), mac("a")));
    drops("a", "b", "ND, another's address", p -> p.advertisement(address("c"), mac("a")));
    drops("a", "b", "ND, another's MAC", p -> p.advertisement(address("a"), mac("c")));
    passes("d", "b", "ND, an address of a pair", p -> p.advertisement(paired(3), mac("d")));
    passes("a", "b", "ND, a question", p -> p.solicitation(paired(9), mac("a")));
    drops(
        "a",
        "b",
        "ND, in another's name",
        p -> p.from(address("c")).solicitation(paired(9), mac("a")));
    drops("a", "b", "as a router", Packet::routerAdvertisement);
  }

  private String address(String name) {
    return seat(name).address(version);
  }

  private String mac(String name) {
    return seat(name).mac();
  }

  /** Of the addresses from .200 on d may use four. */
  private String paired(int last) {
    return (version == 4 ? "10.1.0.20" : "fd00:1::20") + last;
  }

  private Seat seat(String name) {
    Seat seat = seats.get(name);
    if (seat == null) {
      throw new IllegalArgumentException("nobody is called " + name);
    }
    return seat;
  }

  private void passes(String from, String to, String what, Function<Packet, Frame> frame) {
    all(true, from, to, what, packet -> List.of(frame.apply(packet)));
  }

  private void drops(String from, String to, String what, Function<Packet, Frame> frame) {
    all(false, from, to, what, packet -> List.of(frame.apply(packet)));
  }

  private void all(
      boolean passes, String from, String to, String what, Function<Packet, List<Frame>> frames) {
    Packet packet = new Packet(mac(from), mac(to), address(from), address(to));
    List<Frame> sent = frames.apply(packet);
    String hex = sent.getLast().carries(text()) ? hex(text()) : sent.getLast().hex();
    rows.add(new Row("IPv" + version + ", " + what, from, to, sent, hex, passes));
  }

  /** The number of the row that is being made. */
  private int number() {
    return first + rows.size();
  }

  private String text() {
    return "<row " + number() + ">";
  }

  static String hex(String text) {
    return HexFormat.of().formatHex(text.getBytes(StandardCharsets.UTF_8));
  }
}
