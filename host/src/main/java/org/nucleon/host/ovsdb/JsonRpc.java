package org.nucleon.host.ovsdb;

import java.io.Closeable;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.InterruptedIOException;
import java.net.SocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JsonParser;
import tools.jackson.core.StreamReadFeature;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/** One JSON-RPC 1.0 connection: calls, notifications and echoes (RFC 7047 section 4). */
final class JsonRpc implements Closeable {
  private static final JsonMapper JSON =
      JsonMapper.builder().disable(StreamReadFeature.AUTO_CLOSE_SOURCE).build();
  private static final int PATIENCE_SECONDS = 60;

  private final SocketChannel channel;
  private final BiConsumer<String, JsonNode> notified;
  private final Map<Long, CompletableFuture<JsonNode>> pending = new ConcurrentHashMap<>();
  private final AtomicLong ids = new AtomicLong();
  private final ReentrantLock writing = new ReentrantLock();
  private volatile @Nullable Throwable end;

  /** {@code notified} is called by the reader with method and parameters. */
  JsonRpc(SocketAddress address, BiConsumer<String, JsonNode> notified) throws IOException {
    this.channel = SocketChannel.open(address);
    this.notified = notified;
  }

  /** Reads until the connection ends, and answers why. */
  Throwable read() {
    Throwable cause = readUntilEnd();
    end = cause;
    pending.values().forEach(call -> call.completeExceptionally(cause));
    return cause;
  }

  private Throwable readUntilEnd() {
    try (JsonParser parser = JSON.createParser(new ChannelInput(channel))) {
      while (parser.nextToken() != null) {
        received(parser.readValueAsTree());
      }
      return new EOFException("the server closed the connection");
    } catch (IOException | RuntimeException e) {
      return e;
    }
  }

  private void received(JsonNode message) throws IOException {
    JsonNode method = message.get("method");
    JsonNode id = message.get("id");
    if (method == null) {
      CompletableFuture<JsonNode> call = id == null ? null : pending.remove(id.asLong(-1));
      if (call != null) {
        answered(call, message);
      }
    } else if (method.asString().equals("echo")) {
      ObjectNode reply = JSON.createObjectNode();
      reply.set("id", id);
      reply.set("result", message.get("params"));
      reply.putNull("error");
      write(reply);
    } else {
      notified.accept(method.asString(), message.get("params"));
    }
  }

  private static void answered(CompletableFuture<JsonNode> call, JsonNode message) {
    JsonNode error = message.get("error");
    if (error == null || error.isNull()) {
      call.complete(message.get("result"));
    } else {
      JsonNode name = error.isObject() && error.has("error") ? error.get("error") : error;
      String text = name.isString() ? name.stringValue() : name.toString();
      call.completeExceptionally(new OvsdbException(-1, text, error.toString()));
    }
  }

  /**
   * Asks and waits. {@code first} is run by the reader with the result before anything that the
   * server says later.
   *
   * @throws OvsdbException if the server refuses
   * @throws IOException if the connection is lost (whether the request was carried out is then
   *     unknown), the server silent, or the thread interrupted
   */
  JsonNode call(String method, ArrayNode params, Consumer<JsonNode> first) throws IOException {
    long id = ids.incrementAndGet();
    var answer = new CompletableFuture<JsonNode>();
    CompletableFuture<JsonNode> done =
        answer.thenApply(result -> {
          first.accept(result);
          return result;
        });
    pending.put(id, answer);
    try {
      if (end != null) {
        throw new IOException("connection lost", end);
      }
      ObjectNode request = JSON.createObjectNode();
      request.put("method", method);
      request.set("params", params);
      request.put("id", id);
      write(request);
      return done.get(PATIENCE_SECONDS, TimeUnit.SECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw (IOException) new InterruptedIOException("interrupted").initCause(e);
    } catch (TimeoutException e) {
      throw new IOException("no answer for " + PATIENCE_SECONDS + " s", e);
    } catch (ExecutionException e) {
      if (e.getCause() instanceof OvsdbException refused) {
        throw refused;
      }
      throw new IOException("connection lost", e.getCause());
    } finally {
      pending.remove(id);
    }
  }

  JsonNode call(String method, ArrayNode params) throws IOException {
    return call(method, params, _ -> {});
  }

  static ArrayNode params(String... texts) {
    ArrayNode params = JsonNodeFactory.instance.arrayNode();
    for (String text : texts) {
      params.add(text);
    }
    return params;
  }

  private void write(JsonNode message) throws IOException {
    ByteBuffer out = ByteBuffer.wrap(JSON.writeValueAsBytes(message));
    writing.lock();
    try {
      while (out.hasRemaining()) {
        channel.write(out);
      }
    } finally {
      writing.unlock();
    }
  }

  @Override
  public void close() throws IOException {
    channel.close();
  }

  /**
   * What arrives on a channel. {@link java.nio.channels.Channels#newInputStream} would lock out
   * writers while it waits.
   */
  private static final class ChannelInput extends InputStream {
    private final SocketChannel channel;

    ChannelInput(SocketChannel channel) {
      this.channel = channel;
    }

    @Override
    public int read() throws IOException {
      var one = new byte[1];
      return read(one, 0, 1) < 0 ? -1 : Byte.toUnsignedInt(one[0]);
    }

    @Override
    public int read(byte[] bytes, int offset, int length) throws IOException {
      return length == 0 ? 0 : channel.read(ByteBuffer.wrap(bytes, offset, length));
    }
  }
}
