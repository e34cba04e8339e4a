package org.nucleon.host.netlink;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/** Builds netlink messages in the machine's byte order, each attribute padded to four bytes. */
final class MessageWriter {
  private ByteBuffer buffer = ByteBuffer.allocate(512).order(ByteOrder.nativeOrder());

  /** Starts a message; returns where, for {@link #end(int)}. */
  int message(int type, int flags, int sequence) {
    int start = buffer.position();
    u32(0).u16(type).u16(flags).u32(sequence).u32(0);
    return start;
  }

  MessageWriter u8(int value) {
    room(1).put((byte) value);
    return this;
  }

  MessageWriter u16(int value) {
    room(2).putShort((short) value);
    return this;
  }

  MessageWriter u32(int value) {
    room(4).putInt(value);
    return this;
  }

  MessageWriter attribute(int type, byte[] value) {
    u16(4 + value.length).u16(type);
    room(value.length).put(value);
    return pad();
  }

  MessageWriter attribute(int type, int value) {
    return u16(8).u16(type).u32(value);
  }

  MessageWriter byteAttribute(int type, int value) {
    return attribute(type, new byte[] {(byte) value});
  }

  /** Text with the NUL that the kernel wants at its end. */
  MessageWriter attribute(int type, String value) {
    byte[] text = value.getBytes(StandardCharsets.UTF_8);
    return attribute(type, Arrays.copyOf(text, text.length + 1));
  }

  /** Starts an attribute made of attributes; returns where, for {@link #endNested(int)}. */
  int nested(int type) {
    int start = buffer.position();
    u16(0).u16(type);
    return start;
  }

  void endNested(int start) {
    buffer.putShort(start, (short) (buffer.position() - start));
  }

  void end(int start) {
    pad();
    buffer.putInt(start, buffer.position() - start);
  }

  int size() {
    return buffer.position();
  }

  byte[] bytes() {
    return Arrays.copyOf(buffer.array(), buffer.position());
  }

  private MessageWriter pad() {
    while (buffer.position() % 4 != 0) {
      u8(0);
    }
    return this;
  }

  private ByteBuffer room(int bytes) {
    if (buffer.remaining() < bytes) {
      ByteBuffer larger =
          ByteBuffer.allocate(Math.max(buffer.capacity() * 2, buffer.position() + bytes))
              .order(ByteOrder.nativeOrder());
      buffer = larger.put(buffer.flip());
    }
    return buffer;
  }
}
