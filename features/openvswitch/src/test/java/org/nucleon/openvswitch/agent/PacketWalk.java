package org.nucleon.openvswitch.agent;

import java.util.ArrayList;
import java.util.Collection;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.nucleon.host.openflow.Action;
import org.nucleon.host.openflow.Bits;
import org.nucleon.host.openflow.Field;
import org.nucleon.host.openflow.Flow;
import org.nucleon.host.openflow.Match;
import org.nucleon.host.openflow.Port;
import org.nucleon.host.openflow.Slice;
import org.nucleon.host.openflow.Zone;

/**
 * A switch on paper: walks a frame through flows as openflow-1.5.1 and ovs-actions(7) say, with
 * conjunctions and connection tracking.
 */
final class PacketWalk {

  private static final long NEW = 1;
  private static final long EST = 2;
  private static final long RPL = 8;
  private static final long INV = 16;
  private static final long TRK = 32;

  /** What left the bridge. */
  record Sent(long port, Map<Field, Bits> frame) {}

  private record Connection(
      long zone, long protocol, Bits from, Bits to, Bits source, Bits target) {
    Connection reverse() {
      return new Connection(zone, protocol, to, from, target, source);
    }
  }

  private final Map<Integer, TreeMap<Integer, List<Flow>>> tables = new HashMap<>();
  private final Set<Connection> connections = new HashSet<>();
  private final List<Sent> sent = new ArrayList<>();
  private final List<Long> metered = new ArrayList<>();
  private int lastTable;

  /** Replaces the flows; connections stay. */
  void flows(Collection<FlowItem> flows, String bridge) {
    tables.clear();
    for (FlowItem item : flows) {
      if (item.bridge().equals(bridge)) {
        tables
            .computeIfAbsent(item.flow().table(), _ -> new TreeMap<>())
            .computeIfAbsent(-item.flow().priority(), _ -> new ArrayList<>())
            .add(item.flow());
      }
    }
  }

  /** Sends a frame in at a port; answers what comes out. */
  List<Sent> send(long inPort, Map<Field, Bits> frame) {
    sent.clear();
    metered.clear();
    Map<Field, Bits> state = new EnumMap<>(Field.class);
    state.putAll(frame);
    state.put(Field.IN_PORT, Bits.of(inPort));
    walk(0, state);
    return List.copyOf(sent);
  }

  /** The meters that the last frame went through, in order. */
  List<Long> metered() {
    return List.copyOf(metered);
  }

  /** The table in which the last frame's last copy ended. */
  int lastTable() {
    return lastTable;
  }

  private void walk(int table, Map<Field, Bits> state) {
    lastTable = table;
    Flow flow = lookup(table, state);
    if (flow != null) {
      flow.actions().forEach(action -> act(action, state));
    }
  }

  private Flow lookup(int table, Map<Field, Bits> state) {
    for (List<Flow> samePriority : tables.getOrDefault(table, new TreeMap<>()).values()) {
      Map<Long, Set<Integer>> clauses = new HashMap<>();
      Map<Long, Integer> dimensions = new HashMap<>();
      Flow found = null;
      for (Flow flow : samePriority) {
        if (!matches(flow.match(), state)) {
          continue;
        }
        boolean isSoft = false;
        for (Action action : flow.actions()) {
          if (action instanceof Action.Conjunction(long id, int clause, int of)) {
            clauses.computeIfAbsent(id, _ -> new HashSet<>()).add(clause);
            dimensions.put(id, of);
            isSoft = true;
          }
        }
        if (!isSoft) {
          if (found != null && !found.actions().equals(flow.actions())) {
            throw new AssertionError("undefined: " + found + " or " + flow);
          }
          found = flow;
        }
      }
      if (found != null) {
        return found;
      }
      for (Map.Entry<Long, Set<Integer>> entry : clauses.entrySet()) {
        if (entry.getValue().size() == dimensions.get(entry.getKey())) {
          Map<Field, Bits> joined = new EnumMap<>(state);
          joined.put(Field.CONJ_ID, Bits.of(entry.getKey()));
          for (Flow flow : samePriority) {
            if (flow.match().terms().stream().anyMatch(t -> t.field() == Field.CONJ_ID)
                && matches(flow.match(), joined)) {
              return flow;
            }
          }
        }
      }
    }
    return null;
  }

  private static boolean matches(Match match, Map<Field, Bits> state) {
    return match.terms().stream()
        .allMatch(term -> get(term.field(), state).and(term.mask()).equals(term.value()));
  }

  private static Bits get(Field field, Map<Field, Bits> state) {
    return state.getOrDefault(field, Bits.ZERO);
  }

  private static Bits get(Slice slice, Map<Field, Bits> state) {
    return Bits.of(get(slice.field(), state).low() >>> slice.offset())
        .and(Bits.ones(slice.count()));
  }

  private void act(Action action, Map<Field, Bits> state) {
    switch (action) {
      case Action.Output(long port, int _) -> output(port, state);
      case Action.OutputField(Slice source) -> output(get(source, state).low(), state);
      case Action.SetField(Field field, Bits value, Bits mask) ->
          state.put(field, get(field, state).and(mask.not()).or(value));
      case Action.Move(Slice source, Slice target) -> state.put(target.field(), get(source, state));
      case Action.PushVlan _ -> state.put(Field.VLAN_VID, Bits.of(0x1000));
      case Action.PopVlan() -> state.remove(Field.VLAN_VID);
      case Action.Resubmit(int table) -> walk(table, state);
      case Action.GotoTable(int table) -> walk(table, state);
      case Action.Conjunction _ -> {}
      case Action.Metered(long meter) -> metered.add(meter);
      case Action.ClearTracking() -> state.remove(Field.CT_STATE);
      case Action.Track track -> track(track, state);
      default -> throw new AssertionError("not on paper: " + action);
    }
  }

  /** A port never gets its own frame back unless IN_PORT says so. */
  private void output(long port, Map<Field, Bits> state) {
    long from = state.get(Field.IN_PORT).low();
    if (port == Port.IN_PORT) {
      sent.add(new Sent(from, Map.copyOf(state)));
    } else if (port != from) {
      sent.add(new Sent(port, Map.copyOf(state)));
    }
  }

  private void track(Action.Track track, Map<Field, Bits> state) {
    long zone =
        switch (track.zone()) {
          case Zone.Fixed(int number) -> number;
          case Zone.From(Slice source) -> get(source, state).low();
        };
    Connection connection = connection(zone, state);
    long flags = TRK;
    if (connection == null) {
      flags |= INV;
    } else if (connections.contains(connection)) {
      flags |= EST;
    } else if (connections.contains(connection.reverse())) {
      flags |= EST | RPL;
    } else {
      flags |= NEW;
    }
    if (track.commit() && connection != null && (flags & NEW) != 0) {
      connections.add(connection);
    }
    if (track.table() != null) {
      Map<Field, Bits> copy = new EnumMap<>(state);
      copy.put(Field.CT_STATE, Bits.of(flags));
      walk(track.table(), copy);
    }
  }

  /** Null for what the userspace datapath cannot track. */
  private static Connection connection(long zone, Map<Field, Bits> state) {
    long protocol = get(Field.IP_PROTO, state).low();
    Bits source = Bits.ZERO;
    Bits target = Bits.ZERO;
    if (protocol == Match.TCP) {
      source = get(Field.TCP_SRC, state);
      target = get(Field.TCP_DST, state);
    } else if (protocol == Match.UDP) {
      source = get(Field.UDP_SRC, state);
      target = get(Field.UDP_DST, state);
    } else if (protocol == Match.ICMPV6) {
      long type = get(Field.ICMPV6_TYPE, state).low();
      if (type != 128 && type != 129) {
        return null;
      }
    } else if (protocol != Match.ICMP) {
      return null;
    }
    boolean is6 = get(Field.ETH_TYPE, state).low() == Match.IPV6;
    Bits from = get(is6 ? Field.IPV6_SRC : Field.IPV4_SRC, state);
    Bits to = get(is6 ? Field.IPV6_DST : Field.IPV4_DST, state);
    return new Connection(zone, protocol, from, to, source, target);
  }
}
