package org.nucleon.host.openflow;

import java.nio.ByteBuffer;

/**
 * An unsigned number of at most 128 bits: the value or the mask of a packet field.
 *
 * @param high the upper 64 bits
 * @param low the lower 64 bits
 */
public record Bits(long high, long low) {
  /** No bit set. */
  public static final Bits ZERO = new Bits(0, 0);

  /** The unsigned number {@code low}. */
  public static Bits of(long low) {
    return low == 0 ? ZERO : new Bits(0, low);
  }

  /** The number whose big-endian bytes these are; at most 16 bytes. */
  public static Bits of(byte[] bigEndian) {
    return read(ByteBuffer.wrap(bigEndian), bigEndian.length);
  }

  /** The lowest {@code count} bits set, 0 to 128. */
  public static Bits ones(int count) {
    if (count < 0 || count > 128) {
      throw new IllegalArgumentException("not a width in bits: " + count);
    }
    return new Bits(count > 64 ? low64(count - 64) : 0, low64(Math.min(count, 64)));
  }

  /** The mask of the leading {@code prefix} of {@code width} bits. */
  public static Bits prefix(int prefix, int width) {
    if (prefix < 0 || prefix > width) {
      throw new IllegalArgumentException("prefix length " + prefix + " of " + width + " bits");
    }
    return ones(width).and(ones(width - prefix).not());
  }

  /** The bits set in both. */
  public Bits and(Bits other) {
    return new Bits(high & other.high, low & other.low);
  }

  /** The bits set in either. */
  public Bits or(Bits other) {
    return new Bits(high | other.high, low | other.low);
  }

  /** All 128 bits turned over. */
  public Bits not() {
    return new Bits(~high, ~low);
  }

  /** Moved {@code count} bits (0 to 127) to the left. */
  public Bits shiftLeft(int count) {
    if (count == 0) {
      return this;
    }
    return count >= 64
        ? new Bits(low << (count - 64), 0)
        : new Bits((high << count) | (low >>> (64 - count)), low << count);
  }

  /** Whether no bit is set. */
  public boolean isZero() {
    return (high | low) == 0;
  }

  /** The number's lowest {@code count} bytes, most significant first. */
  public byte[] toBytes(int count) {
    var bytes = new byte[count];
    for (int i = 0; i < count; i++) {
      int shift = 8 * (count - 1 - i);
      bytes[i] = (byte) (shift >= 64 ? high >>> (shift - 64) : low >>> shift);
    }
    return bytes;
  }

  static Bits read(ByteBuffer in, int count) {
    long high = 0;
    long low = 0;
    for (int i = 0; i < count; i++) {
      high = (high << 8) | (low >>> 56);
      low = (low << 8) | Byte.toUnsignedLong(in.get());
    }
    return new Bits(high, low);
  }

  private static long low64(int count) {
    return count == 0 ? 0 : -1L >>> (64 - count);
  }

  /** Hexadecimal with 0x, without leading zeros. */
  @Override
  public String toString() {
    return high == 0
        ? "0x" + Long.toHexString(low)
        : "0x" + Long.toHexString(high) + String.format("%016x", low);
  }
}
