package org.nucleon.host.openflow;

import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Actions as openflow-1.5.1 section 7.2.6 and Open vSwitch's extensions encode them. */
final class ActionCodec {
  private static final int OUTPUT = 0;
  private static final int PUSH_VLAN = 17;
  private static final int POP_VLAN = 18;
  private static final int DEC_TTL = 24;
  private static final int SET_FIELD = 25;
  private static final int COPY_FIELD = 28;
  private static final int METER = 29;
  private static final int EXPERIMENTER = 0xffff;

  private static final long NICIRA = 0x2320;
  private static final int NX_NOTE = 8;
  private static final int NX_RESUBMIT_TABLE = 14;
  private static final int NX_OUTPUT_REG = 15;
  private static final int NX_CONJUNCTION = 34;
  private static final int NX_CT = 35;
  private static final int NX_NAT = 36;
  private static final int NX_CT_CLEAR = 43;

  private static final int RESUBMIT_IN_PORT = 0xfff8;
  private static final int NO_TABLE = 0xff;
  private static final int CT_COMMIT = 1;
  private static final int CT_FORCE = 2;

  private ActionCodec() {}

  static void encode(List<Action> actions, Encoder out) {
    for (Action action : actions) {
      encode(action, out);
    }
  }

  private static void encode(Action action, Encoder out) {
    int start = out.size();
    switch (action) {
      case Action.Output(long port, int bytes) -> begin(OUTPUT, out).u32(port).u16(bytes).zeros(6);
      case Action.OutputField(Slice source) ->
          nicira(NX_OUTPUT_REG, out)
              .u16(source.offsetAndCount())
              .u32(source.field().header())
              .u16(0xffff)
              .zeros(6);
      case Action.SetField(Field field, Bits value, Bits mask) ->
          MatchCodec.field(field, value, mask, begin(SET_FIELD, out));
      case Action.Move(Slice source, Slice target) ->
          begin(COPY_FIELD, out)
              .u16(source.count())
              .u16(source.offset())
              .u16(target.offset())
              .zeros(2)
              .u32(source.field().header())
              .u32(target.field().header());
      case Action.PushVlan(int type) -> begin(PUSH_VLAN, out).u16(type);
      case Action.PopVlan() -> begin(POP_VLAN, out);
      case Action.DecrementTtl() -> begin(DEC_TTL, out);
      case Action.Resubmit(int table) ->
          nicira(NX_RESUBMIT_TABLE, out).u16(RESUBMIT_IN_PORT).u8(table);
      case Action.Track track -> track(track, out);
      case Action.ClearTracking() -> nicira(NX_CT_CLEAR, out);
      case Action.Conjunction(long id, int clause, int of) ->
          nicira(NX_CONJUNCTION, out).u8(clause - 1).u8(of).u32(id);
      case Action.Note(String hex) -> nicira(NX_NOTE, out).bytes(HexFormat.of().parseHex(hex));
      case Action.Metered(long meter) -> begin(METER, out).u32(meter);
      case Action.GotoTable _, Action.Unknown _ ->
          throw new IllegalArgumentException("can't be sent as an action: " + action);
    }
    out.pad8(start);
    out.length(start + 2, start);
  }

  private static Encoder begin(int type, Encoder out) {
    return out.u16(type).u16(0);
  }

  private static Encoder nicira(int subtype, Encoder out) {
    return begin(EXPERIMENTER, out).u32(NICIRA).u16(subtype);
  }

  private static void track(Action.Track track, Encoder out) {
    nicira(NX_CT, out).u16((track.commit() ? CT_COMMIT : 0) | (track.force() ? CT_FORCE : 0));
    switch (track.zone()) {
      case Zone.Fixed(int number) -> out.u32(0).u16(number);
      case Zone.From(Slice source) -> out.u32(source.field().header()).u16(source.offsetAndCount());
    }
    Integer table = track.table();
    out.u8(table == null ? NO_TABLE : table).zeros(5);
    Nat nat = track.nat();
    if (nat != null) {
      int start = out.size();
      NatCodec.encode(nat, nicira(NX_NAT, out));
      out.pad8(start);
      out.length(start + 2, start);
    }
    encode(track.exec(), out);
  }

  /** Reads actions until the buffer's end. */
  static List<Action> decode(ByteBuffer in) {
    var actions = new ArrayList<Action>();
    while (in.hasRemaining()) {
      int length = Short.toUnsignedInt(in.getShort(in.position() + 2));
      ByteBuffer one = in.slice(in.position(), length);
      in.position(in.position() + length);
      Action action = known(one);
      actions.add(action != null ? action : unknown(one));
    }
    return actions;
  }

  static Action unknown(ByteBuffer raw) {
    var bytes = new byte[raw.capacity()];
    raw.get(0, bytes);
    return new Action.Unknown(HexFormat.of().formatHex(bytes));
  }

  private static @Nullable Action known(ByteBuffer in) {
    try {
      int type = Short.toUnsignedInt(in.getShort());
      in.getShort();
      return switch (type) {
        case OUTPUT ->
            new Action.Output(
                Integer.toUnsignedLong(in.getInt()), Short.toUnsignedInt(in.getShort()));
        case PUSH_VLAN -> new Action.PushVlan(Short.toUnsignedInt(in.getShort()));
        case POP_VLAN -> new Action.PopVlan();
        case DEC_TTL -> new Action.DecrementTtl();
        case SET_FIELD -> setField(in);
        case COPY_FIELD -> move(in);
        case METER -> new Action.Metered(Integer.toUnsignedLong(in.getInt()));
        case EXPERIMENTER ->
            Integer.toUnsignedLong(in.getInt()) == NICIRA ? niciraAction(in) : null;
        default -> null;
      };
    } catch (IllegalArgumentException | BufferUnderflowException _) {
      return null;
    }
  }

  private static @Nullable Action niciraAction(ByteBuffer in) {
    return switch (Short.toUnsignedInt(in.getShort())) {
      case NX_RESUBMIT_TABLE ->
          Short.toUnsignedInt(in.getShort()) == RESUBMIT_IN_PORT
              ? new Action.Resubmit(Byte.toUnsignedInt(in.get()))
              : null;
      case NX_OUTPUT_REG -> {
        int bits = Short.toUnsignedInt(in.getShort());
        Field field = Field.ofHeader(in.getInt());
        yield field == null ? null : new Action.OutputField(Slice.decode(field, bits));
      }
      case NX_CONJUNCTION -> conjunction(in);
      case NX_CT -> track(in);
      case NX_CT_CLEAR -> new Action.ClearTracking();
      case NX_NOTE -> note(in);
      default -> null;
    };
  }

  private static Action conjunction(ByteBuffer in) {
    int clause = Byte.toUnsignedInt(in.get()) + 1;
    int of = Byte.toUnsignedInt(in.get());
    return new Action.Conjunction(Integer.toUnsignedLong(in.getInt()), clause, of);
  }

  private static Action note(ByteBuffer in) {
    var bytes = new byte[in.remaining()];
    in.get(bytes);
    return new Action.Note(HexFormat.of().formatHex(bytes));
  }

  private static @Nullable Action setField(ByteBuffer in) {
    int header = in.getInt();
    Field field = Field.ofHeader(header);
    if (field == null) {
      return null;
    }
    Bits all = Bits.ones(field.width());
    Bits value = Bits.read(in, field.bytes());
    Bits mask = (header & 0xff) == field.bytes() ? all : Bits.read(in, field.bytes());
    return new Action.SetField(field, value.and(all), mask.and(all));
  }

  private static @Nullable Action move(ByteBuffer in) {
    int count = Short.toUnsignedInt(in.getShort());
    int from = Short.toUnsignedInt(in.getShort());
    int to = Short.toUnsignedInt(in.getShort());
    in.getShort();
    Field source = Field.ofHeader(in.getInt());
    Field target = Field.ofHeader(in.getInt());
    return source == null || target == null
        ? null
        : new Action.Move(source.bits(from, count), target.bits(to, count));
  }

  private static @Nullable Action track(ByteBuffer in) {
    int flags = in.getShort();
    int header = in.getInt();
    int zoneBits = Short.toUnsignedInt(in.getShort());
    int table = Byte.toUnsignedInt(in.get());
    Field field = header == 0 ? null : Field.ofHeader(header);
    in.position(24);
    if ((flags & ~(CT_COMMIT | CT_FORCE)) != 0 || (header != 0 && field == null)) {
      return null;
    }
    Nat nat = null;
    if (in.hasRemaining() && isNat(in)) {
      int length = Short.toUnsignedInt(in.getShort(in.position() + 2));
      nat = NatCodec.decode(in.slice(in.position() + 10, length - 10));
      if (nat == null) {
        return null;
      }
      in.position(in.position() + length);
    }
    return new Action.Track(
        (flags & CT_COMMIT) != 0,
        (flags & CT_FORCE) != 0,
        field == null ? Zone.of(zoneBits) : new Zone.From(Slice.decode(field, zoneBits)),
        table == NO_TABLE ? null : table,
        nat,
        decode(in.slice()));
  }

  private static boolean isNat(ByteBuffer in) {
    int at = in.position();
    return Short.toUnsignedInt(in.getShort(at)) == EXPERIMENTER
        && Short.toUnsignedInt(in.getShort(at + 8)) == NX_NAT;
  }
}
