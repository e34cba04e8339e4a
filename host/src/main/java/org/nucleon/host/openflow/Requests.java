package org.nucleon.host.openflow;

import java.io.IOException;
import java.io.InterruptedIOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/** The requests whose answers are awaited, by transaction id. */
final class Requests {
  private static final int PATIENCE_SECONDS = 60;

  /** A request under way; its answer may come in parts. */
  static final class Pending {
    private final CompletableFuture<List<ByteBuffer>> answer = new CompletableFuture<>();
    private final List<ByteBuffer> parts = new ArrayList<>();

    /**
     * The answer's parts.
     *
     * @throws OpenFlowException if the switch refused
     * @throws IOException if the connection is lost, the switch silent, or the thread interrupted
     */
    List<ByteBuffer> await() throws IOException {
      try {
        return answer.get(PATIENCE_SECONDS, TimeUnit.SECONDS);
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        throw (IOException) new InterruptedIOException("interrupted").initCause(e);
      } catch (TimeoutException e) {
        throw new IOException("no answer for " + PATIENCE_SECONDS + " s", e);
      } catch (ExecutionException e) {
        if (e.getCause() instanceof OpenFlowException refused) {
          throw new OpenFlowException(refused);
        }
        throw new IOException("connection lost", e.getCause());
      }
    }
  }

  private final Map<Integer, Pending> pending = new ConcurrentHashMap<>();
  private int next = 1;
  private @Nullable Throwable closed;

  /** The first of {@code count} fresh ids in a row; never 0, which marks what comes unasked. */
  synchronized int ids(int count) {
    if (next > Integer.MAX_VALUE - count) {
      next = 1;
    }
    int first = next;
    next += count;
    return first;
  }

  synchronized Pending expect(int xid) throws IOException {
    if (closed != null) {
      throw new IOException("connection lost", closed);
    }
    var request = new Pending();
    pending.put(xid, request);
    return request;
  }

  void forget(int xid) {
    pending.remove(xid);
  }

  /** Whether somebody waits for it. */
  boolean answer(int xid, ByteBuffer part, boolean more) {
    Pending request = more ? pending.get(xid) : pending.remove(xid);
    if (request == null) {
      return false;
    }
    request.parts.add(part);
    if (!more) {
      request.answer.complete(request.parts);
    }
    return true;
  }

  /** Whether somebody waits for it. */
  boolean fail(int xid, OpenFlowException error) {
    Pending request = pending.remove(xid);
    return request != null && request.answer.completeExceptionally(error);
  }

  synchronized void close(Throwable cause) {
    closed = cause;
    pending.values().forEach(request -> request.answer.completeExceptionally(cause));
    pending.clear();
  }
}
