package org.nucleon.host.openflow;

import java.nio.ByteBuffer;
import java.util.Arrays;

/** A growing buffer of big-endian numbers. */
final class Encoder {
  private byte[] bytes = new byte[512];
  private int size;

  int size() {
    return size;
  }

  Encoder u8(int value) {
    grow(1);
    bytes[size++] = (byte) value;
    return this;
  }

  Encoder u16(int value) {
    return u8(value >>> 8).u8(value);
  }

  Encoder u32(long value) {
    return u16((int) (value >>> 16)).u16((int) value);
  }

  Encoder u64(long value) {
    return u32(value >>> 32).u32(value);
  }

  Encoder bytes(byte[] value) {
    grow(value.length);
    System.arraycopy(value, 0, bytes, size, value.length);
    size += value.length;
    return this;
  }

  Encoder zeros(int count) {
    grow(count);
    size += count;
    return this;
  }

  /** Zeros until what began at {@code from} has a multiple of 8 bytes. */
  Encoder pad8(int from) {
    return zeros((8 - (size - from) % 8) % 8);
  }

  /** Writes the number of bytes since {@code from} into the 16 bits at {@code position}. */
  void length(int position, int from) {
    int length = size - from;
    if (length > 0xffff) {
      throw new IllegalArgumentException("longer than 65535 bytes");
    }
    bytes[position] = (byte) (length >>> 8);
    bytes[position + 1] = (byte) length;
  }

  ByteBuffer toBuffer() {
    return ByteBuffer.wrap(bytes, 0, size);
  }

  byte[] toBytes() {
    return Arrays.copyOf(bytes, size);
  }

  private void grow(int more) {
    if (size + more > bytes.length) {
      bytes = Arrays.copyOf(bytes, Math.max(bytes.length * 2, size + more));
    }
  }
}
