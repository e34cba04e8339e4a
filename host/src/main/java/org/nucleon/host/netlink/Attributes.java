package org.nucleon.host.netlink;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The attributes of a message, or those nested in one, by type; of repeated ones the last. */
final class Attributes {
  private static final int TYPE_MASK = 0x3fff;

  private final Map<Integer, ByteBuffer> values = new HashMap<>();

  /** Reads all that remains in {@code buffer}; what is cut off is left out. */
  Attributes(ByteBuffer buffer) {
    while (buffer.remaining() >= 4) {
      int start = buffer.position();
      int length = buffer.getShort() & 0xffff;
      int type = buffer.getShort() & TYPE_MASK;
      if (length < 4 || start + length > buffer.limit()) {
        return;
      }
      values.put(type, buffer.slice(start + 4, length - 4).order(ByteOrder.nativeOrder()));
      buffer.position(Math.min(buffer.limit(), start + ((length + 3) & ~3)));
    }
  }

  boolean has(int type) {
    return values.containsKey(type);
  }

  int u32(int type, int otherwise) {
    ByteBuffer value = values.get(type);
    return value == null || value.remaining() < 4 ? otherwise : value.getInt(0);
  }

  int u8(int type, int otherwise) {
    ByteBuffer value = values.get(type);
    return value == null || value.remaining() < 1 ? otherwise : value.get(0) & 0xff;
  }

  byte @Nullable [] bytes(int type) {
    ByteBuffer value = values.get(type);
    if (value == null) {
      return null;
    }
    byte[] bytes = new byte[value.remaining()];
    value.get(0, bytes);
    return bytes;
  }

  @Nullable String text(int type) {
    byte[] bytes = bytes(type);
    if (bytes == null) {
      return null;
    }
    int end = bytes.length;
    while (end > 0 && bytes[end - 1] == 0) {
      end--;
    }
    return new String(bytes, 0, end, StandardCharsets.UTF_8);
  }

  @Nullable InetAddress address(int type) {
    byte[] bytes = bytes(type);
    if (bytes == null || (bytes.length != 4 && bytes.length != 16)) {
      return null;
    }
    try {
      return InetAddress.getByAddress(bytes);
    } catch (UnknownHostException e) {
      throw new IllegalStateException(e);
    }
  }

  /** What is nested in an attribute; empty if it is missing. */
  Attributes nested(int type) {
    ByteBuffer value = values.get(type);
    return new Attributes(
        value == null ? ByteBuffer.allocate(0) : value.duplicate().order(ByteOrder.nativeOrder()));
  }
}
