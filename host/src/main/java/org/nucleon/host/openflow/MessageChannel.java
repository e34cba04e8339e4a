package org.nucleon.host.openflow;

import java.io.Closeable;
import java.io.EOFException;
import java.io.IOException;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.nio.file.Path;
import java.util.concurrent.locks.ReentrantLock;

/** Whole OpenFlow messages over a socket. Many may write; one reads. */
final class MessageChannel implements Closeable {
  static final int VERSION = 6;
  private static final int HEADER = 8;

  /** A message received; {@code body} is its own. */
  record Message(int type, int xid, ByteBuffer body) {}

  private final SocketChannel channel;
  private final ReentrantLock writing = new ReentrantLock();
  private ByteBuffer in = ByteBuffer.allocate(1 << 17).flip();

  private MessageChannel(SocketChannel channel) {
    this.channel = channel;
  }

  static MessageChannel connect(Path socket) throws IOException {
    return new MessageChannel(SocketChannel.open(UnixDomainSocketAddress.of(socket)));
  }

  /** Puts a message's header in front of what {@link #end} will close. Answers its position. */
  static int begin(int type, int xid, Encoder out) {
    int start = out.size();
    out.u8(VERSION).u8(type).u16(0).u32(xid);
    return start;
  }

  static void end(int start, Encoder out) {
    out.length(start + 2, start);
  }

  void send(Encoder messages) throws IOException {
    ByteBuffer out = messages.toBuffer();
    writing.lock();
    try {
      while (out.hasRemaining()) {
        channel.write(out);
      }
    } finally {
      writing.unlock();
    }
  }

  Message receive() throws IOException {
    fill(HEADER);
    int start = in.position();
    int length = Short.toUnsignedInt(in.getShort(start + 2));
    if (length < HEADER) {
      throw new IOException("a message of " + length + " bytes");
    }
    fill(length);
    start = in.position();
    var body = new byte[length - HEADER];
    in.get(start + HEADER, body);
    in.position(start + length);
    return new Message(
        Byte.toUnsignedInt(in.get(start + 1)), in.getInt(start + 4), ByteBuffer.wrap(body));
  }

  private void fill(int bytes) throws IOException {
    while (in.remaining() < bytes) {
      in.compact();
      int read = channel.read(in);
      in.flip();
      if (read < 0) {
        throw new EOFException("the switch closed the connection");
      }
    }
  }

  @Override
  public void close() throws IOException {
    channel.close();
  }
}
