package org.nucleon.host.netlink;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;

/**
 * A netlink message as it came in, see netlink(7).
 *
 * @param type what its body is
 * @param flags NLM_F_*
 * @param sequence the number of the request that it answers; 0 in events
 * @param port who caused it: a socket's port id, 0 for the kernel
 * @param body what follows the header, in native byte order
 */
public record Message(int type, int flags, int sequence, int port, ByteBuffer body) {
  private static final int HEADER = 16;
  private static final int NLM_F_CAPPED = 0x100;
  private static final int NLM_F_ACK_TLVS = 0x200;
  private static final int NLMSGERR_ATTR_MSG = 1;

  /** The messages of one datagram; what is cut off at its end is left out. */
  public static List<Message> split(byte[] datagram) {
    List<Message> messages = new ArrayList<>();
    ByteBuffer buffer = ByteBuffer.wrap(datagram).order(ByteOrder.nativeOrder());
    int start = 0;
    while (datagram.length - start >= HEADER) {
      int length = buffer.getInt(start);
      if (length < HEADER || length > datagram.length - start) {
        break;
      }
      messages.add(
          new Message(
              buffer.getShort(start + 4) & 0xffff,
              buffer.getShort(start + 6) & 0xffff,
              buffer.getInt(start + 8),
              buffer.getInt(start + 12),
              buffer.slice(start + HEADER, length - HEADER).order(ByteOrder.nativeOrder())));
      start += (length + 3) & ~3;
    }
    return messages;
  }

  /** In an acknowledgement or the end of a dump, the positive errno; 0 for success. */
  int error() {
    return body.remaining() < 4 ? 0 : -body.getInt(0);
  }

  /** In a refusal, the kernel's own words; empty if it has none. */
  String explanation() {
    if ((flags & NLM_F_ACK_TLVS) == 0 || body.remaining() < 4 + HEADER) {
      return "";
    }
    int echoed = (flags & NLM_F_CAPPED) != 0 ? HEADER : body.getInt(4);
    int start = Math.min(body.limit(), 4 + ((echoed + 3) & ~3));
    ByteBuffer rest = body.duplicate().order(ByteOrder.nativeOrder()).position(start);
    return Objects.requireNonNullElse(new Attributes(rest).text(NLMSGERR_ATTR_MSG), "");
  }
}
