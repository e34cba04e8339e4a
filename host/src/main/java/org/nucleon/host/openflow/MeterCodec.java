package org.nucleon.host.openflow;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;

/** Meter-mods and meter dumps; openflow-1.5.1 sections 7.3.4.4 and 7.3.5.13. */
final class MeterCodec {
  static final int ADD = 0;
  static final int MODIFY = 1;
  static final int DELETE = 2;

  private static final int KBPS_AND_BURST = 1 | 4;
  private static final int DROP = 1;
  private static final int BAND_LENGTH = 16;
  private static final int HEADER_LENGTH = 8;
  private static final long ALL = 0xffff_ffffL;

  private MeterCodec() {}

  static void mod(int command, Meter meter, Encoder out) {
    out.u16(command).u16(KBPS_AND_BURST).u32(meter.number());
    if (command != DELETE) {
      out.u16(DROP).u16(BAND_LENGTH).u32(meter.kbps()).u32(meter.burst()).zeros(4);
    }
  }

  static void request(Encoder out) {
    out.u32(ALL).zeros(4);
  }

  /** One with other flags or bands than ours is read as one that lets nothing pass. */
  static List<Meter> meters(ByteBuffer in) {
    List<Meter> meters = new ArrayList<>();
    while (in.hasRemaining()) {
      int start = in.position();
      int length = Short.toUnsignedInt(in.getShort(start));
      long number = Integer.toUnsignedLong(in.getInt(start + 4));
      boolean isOurs =
          in.getShort(start + 2) == KBPS_AND_BURST
              && length == HEADER_LENGTH + BAND_LENGTH
              && in.getShort(start + HEADER_LENGTH) == DROP;
      meters.add(
          isOurs
              ? new Meter(
                  number,
                  Integer.toUnsignedLong(in.getInt(start + HEADER_LENGTH + 4)),
                  Integer.toUnsignedLong(in.getInt(start + HEADER_LENGTH + 8)))
              : new Meter(number, 0, 0));
      in.position(start + length);
    }
    return meters;
  }
}
