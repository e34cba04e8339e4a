package org.nucleon.host.openflow;

import java.nio.ByteBuffer;
import java.util.HexFormat;

/** A match as OXM fields; openflow-1.5.1 section 7.2.3. */
final class MatchCodec {
  private static final int OXM = 1;
  private static final int PACKET_REGS = 0x8001;
  private static final int HAS_MASK = 1 << 8;

  private MatchCodec() {}

  static void encode(Match match, Encoder out) {
    int start = out.size();
    out.u16(OXM).u16(0);
    for (Match.Term term : match.terms()) {
      field(term.field(), term.value(), term.mask(), out);
    }
    out.bytes(HexFormat.of().parseHex(match.unknown()));
    out.length(start + 2, start);
    out.pad8(start);
  }

  /** One field, its mask left out where it is full. */
  static void field(Field field, Bits value, Bits mask, Encoder out) {
    int bytes = field.bytes();
    boolean exact = mask.equals(Bits.ones(field.width()));
    out.u32(exact ? field.header() : (field.header() + bytes) | HAS_MASK);
    out.bytes(value.toBytes(bytes));
    if (!exact) {
      out.bytes(mask.toBytes(bytes));
    }
  }

  /** Reads a match and its padding. */
  static Match decode(ByteBuffer in) {
    int start = in.position();
    in.getShort();
    int length = Short.toUnsignedInt(in.getShort());
    ByteBuffer fields = in.slice(start + 4, length - 4);
    Match match = Match.any();
    while (fields.hasRemaining()) {
      match = next(fields, match);
    }
    in.position(start + (length + 7) / 8 * 8);
    return match;
  }

  private static Match next(ByteBuffer in, Match match) {
    int start = in.position();
    int header = in.getInt();
    int length = header & 0xff;
    boolean masked = (header & HAS_MASK) != 0;
    Field field = Field.ofHeader(header);
    if (header >>> 16 == PACKET_REGS) {
      return registers(in, match, header >>> 9 & 0x7f, masked);
    }
    if (field == null || field.bytes() * (masked ? 2 : 1) != length) {
      var raw = new byte[4 + length];
      in.get(start, raw);
      in.position(start + raw.length);
      return match.withUnknown(HexFormat.of().formatHex(raw));
    }
    Bits all = Bits.ones(field.width());
    Bits value = Bits.read(in, field.bytes());
    Bits mask = masked ? Bits.read(in, field.bytes()) : all;
    return match.with(field, value.and(all), mask.and(all));
  }

  /** Open vSwitch tells registers in pairs: the one of even number in the upper 32 bits. */
  private static Match registers(ByteBuffer in, Match match, int pair, boolean masked) {
    int upper = in.getInt();
    int lower = in.getInt();
    int upperMask = masked ? in.getInt() : -1;
    int lowerMask = masked ? in.getInt() : -1;
    return register(register(match, 2 * pair, upper, upperMask), 2 * pair + 1, lower, lowerMask);
  }

  private static Match register(Match match, int number, int value, int mask) {
    return match.reg(number, Integer.toUnsignedLong(value), Integer.toUnsignedLong(mask));
  }
}
