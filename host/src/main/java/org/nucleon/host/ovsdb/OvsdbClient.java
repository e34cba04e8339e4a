package org.nucleon.host.ovsdb;

import java.io.Closeable;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.net.SocketAddress;
import java.net.UnixDomainSocketAddress;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/**
 * A client of one OVSDB database (RFC 7047), by default Open vSwitch's own.
 *
 * <p>It connects again by itself when the server goes. The rows monitored are then read anew, and
 * what differs from before is told as ordinary changes: a standalone database can't resume. Safe
 * for many threads.
 */
public final class OvsdbClient implements Closeable {
  private static final String DATABASE = "Open_vSwitch";
  private static final long FIRST_PAUSE_MILLIS = 50;
  private static final long LONGEST_PAUSE_MILLIS = 1_000;

  private final SocketAddress address;
  private final CountDownLatch closed = new CountDownLatch(1);
  private final ReentrantLock lock = new ReentrantLock();
  private final Condition moved = lock.newCondition();

  private volatile JsonRpc rpc;
  private volatile Snapshot cache = Snapshot.EMPTY;
  private volatile @Nullable Monitor monitor;
  private volatile @Nullable Schema schema;

  /** What is monitored, and who hears of it. */
  private record Monitor(List<Monitored> tables, OvsdbListener listener) {}

  private OvsdbClient(SocketAddress address) throws IOException {
    this.address = address;
    this.rpc = connect();
  }

  /**
   * Connects to a server's unix socket.
   *
   * @throws IOException if nobody listens there
   */
  public static OvsdbClient open(Path socket) throws IOException {
    return open(UnixDomainSocketAddress.of(socket));
  }

  /**
   * Connects to a server, by a unix socket or TCP.
   *
   * @throws IOException if nobody listens there
   */
  public static OvsdbClient open(SocketAddress address) throws IOException {
    var client = new OvsdbClient(address);
    Thread.ofVirtual().name("ovsdb " + address).start(client::keepConnected);
    return client;
  }

  private JsonRpc connect() throws IOException {
    return new JsonRpc(address, this::notified);
  }

  /**
   * Does a transaction and answers its operations' results, in their order.
   *
   * @throws OvsdbException if the server refuses; then nothing was changed
   * @throws IOException if the connection is lost (whether it was done is then unknown), the server
   *     silent, or the thread interrupted
   */
  public List<Result> transact(Transaction transaction) throws IOException {
    List<Operation> operations = transaction.operations();
    JsonNode answer = rpc.call("transact", OperationCodec.encode(DATABASE, operations));
    return OperationCodec.results(answer, operations.size());
  }

  /**
   * Begins to follow tables; to be called once. Returns when {@link #cache} holds their rows, which
   * the listener was told as new before.
   *
   * @throws OvsdbException if there is no such table or column
   * @throws IOException if the connection is lost, the server silent, or the thread interrupted
   */
  public void monitor(List<Monitored> tables, OvsdbListener listener) throws IOException {
    var wanted = new Monitor(List.copyOf(tables), listener);
    lock.lock();
    try {
      if (monitor != null) {
        throw new IllegalStateException("a client has one monitor");
      }
      monitor = wanted;
    } finally {
      lock.unlock();
    }
    follow(rpc, wanted);
  }

  /** The monitored rows as the server last told them. */
  public Snapshot cache() {
    return cache;
  }

  /**
   * Waits until the monitored rows are as wanted, and answers them.
   *
   * @throws IOException if they are not within the time, the client is closed, or the thread
   *     interrupted
   */
  public Snapshot await(Predicate<Snapshot> wanted, long time, TimeUnit unit) throws IOException {
    long left = unit.toNanos(time);
    lock.lock();
    try {
      while (!wanted.test(cache)) {
        if (left <= 0 || closed.getCount() == 0) {
          throw new IOException("what was waited for did not come");
        }
        left = moved.awaitNanos(left);
      }
      return cache;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw (IOException) new InterruptedIOException("interrupted").initCause(e);
    } finally {
      lock.unlock();
    }
  }

  private void keepConnected() {
    while (closed.getCount() > 0) {
      Throwable cause = rpc.read();
      closeQuietly(rpc);
      Monitor following = monitor;
      if (following != null) {
        following.listener().disconnected(closed.getCount() == 0 ? null : cause);
      }
      reconnect();
    }
  }

  private void reconnect() {
    long pause = FIRST_PAUSE_MILLIS;
    while (!closedWithin(pause)) {
      try {
        JsonRpc next = connect();
        rpc = next;
        if (closed.getCount() == 0) {
          closeQuietly(next);
        }
        Monitor following = monitor;
        if (following != null) {
          // The reader, which is this thread, must not wait for what only it can read.
          Thread.ofVirtual().name("ovsdb follow").start(() -> followAgain(next, following));
        }
        return;
      } catch (IOException _) {
        pause = Math.min(2 * pause, LONGEST_PAUSE_MILLIS);
      }
    }
  }

  private boolean closedWithin(long millis) {
    try {
      return closed.await(millis, TimeUnit.MILLISECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return true;
    }
  }

  private void followAgain(JsonRpc connection, Monitor following) {
    try {
      follow(connection, following);
    } catch (IOException | OvsdbException _) {
      // The reader sees the connection end and begins again.
      closeQuietly(connection);
    }
  }

  private void follow(JsonRpc connection, Monitor following) throws IOException {
    JsonNode described = connection.call("get_schema", JsonRpc.params(DATABASE));
    var read = new Schema(described, following.tables());
    try {
      connection.call(
          "monitor_cond",
          request(following.tables(), "cond", true),
          rows -> begun(following, Updates.decode2(rows, Snapshot.EMPTY, read), read));
    } catch (OvsdbException e) {
      if (!e.error().equals("unknown method")) {
        throw e;
      }
      connection.call(
          "monitor",
          request(following.tables(), "plain", false),
          rows -> begun(following, Updates.decode1(rows, Snapshot.EMPTY), read));
    }
  }

  private static ArrayNode request(List<Monitored> tables, String id, boolean conditional) {
    ObjectNode requests = JsonNodeFactory.instance.objectNode();
    for (Monitored one : tables) {
      ObjectNode request = JsonNodeFactory.instance.objectNode();
      request.set("columns", OperationCodec.strings(one.columns()));
      if (conditional && !one.where().isEmpty()) {
        request.set("where", OperationCodec.conditions(one.where()));
      }
      requests.set(one.table(), JsonNodeFactory.instance.arrayNode().add(request));
    }
    return JsonRpc.params(DATABASE, id).add(requests);
  }

  private void begun(Monitor following, List<RowChange> rows, Schema read) {
    schema = read;
    following.listener().connected();
    Snapshot now = Snapshot.EMPTY.with(rows);
    tell(following, cache.changesTo(now), now);
  }

  private void notified(String method, JsonNode params) {
    Monitor following = monitor;
    Schema known = schema;
    if (following == null || known == null) {
      return;
    }
    Snapshot before = cache;
    switch (method) {
      case "update2" -> {
        List<RowChange> changes = Updates.decode2(params.get(1), before, known);
        tell(following, changes, before.with(changes));
      }
      case "update" -> {
        List<RowChange> changes = Updates.decode1(params.get(1), before);
        tell(following, changes, before.with(changes));
      }
      default -> {}
    }
  }

  private void tell(Monitor following, List<RowChange> changes, Snapshot now) {
    if (changes.isEmpty()) {
      return;
    }
    lock.lock();
    try {
      cache = now;
      moved.signalAll();
    } finally {
      lock.unlock();
    }
    following.listener().changed(changes, now);
  }

  private static void closeQuietly(JsonRpc connection) {
    try {
      connection.close();
    } catch (IOException _) {
      // Nothing more was to come from it.
    }
  }

  /** Ends the connection; what is under way fails. */
  @Override
  public void close() {
    closed.countDown();
    closeQuietly(rpc);
    lock.lock();
    try {
      moved.signalAll();
    } finally {
      lock.unlock();
    }
  }
}
