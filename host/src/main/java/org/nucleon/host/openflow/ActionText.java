package org.nucleon.host.openflow;

import java.util.List;
import java.util.function.IntFunction;
import java.util.stream.Collectors;

/** Actions in ovs-ofctl's syntax. */
final class ActionText {
  private ActionText() {}

  static String of(List<Action> actions, IntFunction<String> tables) {
    return actions.isEmpty()
        ? "drop"
        : actions.stream().map(action -> of(action, tables)).collect(Collectors.joining(","));
  }

  private static String of(Action action, IntFunction<String> tables) {
    return switch (action) {
      case Action.Output(long port, int bytes) ->
          port == Port.CONTROLLER
              ? "CONTROLLER:" + bytes
              : port >= Port.IN_PORT ? Port.format(port) : "output:" + port;
      case Action.OutputField(Slice source) -> "output:" + source;
      case Action.SetField(Field field, Bits value, Bits mask) ->
          "set_field:" + written(field, value, mask) + "->" + field.ovsName();
      case Action.Move(Slice source, Slice target) -> "move:" + source + "->" + target;
      case Action.PushVlan(int type) -> "push_vlan:0x" + Integer.toHexString(type);
      case Action.PopVlan() -> "pop_vlan";
      case Action.DecrementTtl() -> "dec_ttl";
      case Action.Resubmit(int table) -> "resubmit(," + tables.apply(table) + ")";
      case Action.Track track -> track(track, tables);
      case Action.ClearTracking() -> "ct_clear";
      case Action.Conjunction(long id, int clause, int of) ->
          "conjunction(" + id + "," + clause + "/" + of + ")";
      case Action.Note(String hex) -> "note:" + String.join(".", hex.split("(?<=\\G..)"));
      case Action.Metered(long meter) -> "meter:" + meter;
      case Action.GotoTable(int table) -> "goto_table:" + tables.apply(table);
      case Action.Unknown(String hex) -> "unknown:" + hex;
    };
  }

  private static String written(Field field, Bits value, Bits mask) {
    return mask.equals(Bits.ones(field.width()))
        ? field.format(value, mask)
        : field.format(value, Bits.ones(field.width()))
            + "/"
            + field.format(mask, Bits.ones(field.width()));
  }

  private static String track(Action.Track track, IntFunction<String> tables) {
    var text = new StringBuilder("ct(");
    if (track.commit()) {
      text.append("commit,");
    }
    if (track.force()) {
      text.append("force,");
    }
    Integer table = track.table();
    if (table != null) {
      text.append("table=").append(tables.apply(table)).append(',');
    }
    text.append("zone=").append(track.zone());
    if (track.nat() != null) {
      text.append(',').append(track.nat());
    }
    if (!track.exec().isEmpty()) {
      text.append(",exec(").append(of(track.exec(), tables)).append(')');
    }
    return text.append(')').toString();
  }
}
