package org.nucleon.host.namespace;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;

/**
 * One platform thread that waits for any number of descriptors (sockets of all namespaces,
 * processes) and calls their handlers. Handlers run one at a time and must not block: they hand
 * over what they read. See epoll(7).
 */
public final class EventLoop implements AutoCloseable {
  private static final System.Logger LOG = System.getLogger(EventLoop.class.getName());
  private static final int EPOLLIN = 1;
  private static final int ADD = 1;
  private static final int DELETE = 2;
  private static final int EVENTS = 64;

  /** struct epoll_event is packed on x86_64 only. */
  private static final boolean PACKED = System.getProperty("os.arch", "").equals("amd64");

  private static final int DATA = PACKED ? 4 : 8;
  private static final int SIZE = DATA + 8;
  private static final ValueLayout.OfLong KEY = ValueLayout.JAVA_LONG_UNALIGNED;
  private static final long STOP = 0;

  private final Descriptor epoll;
  private final Descriptor stop;
  private final Map<Long, Watch> watches = new ConcurrentHashMap<>();
  private final AtomicLong keys = new AtomicLong(STOP);
  private final Thread thread;

  private EventLoop(Descriptor epoll, Descriptor stop) {
    this.epoll = epoll;
    this.stop = stop;
    this.thread = Thread.ofPlatform().daemon().name("events").unstarted(this::loop);
  }

  /** What to do when a descriptor is readable. */
  public interface Handler {
    /**
     * Reads what there is.
     *
     * @throws IOException if the descriptor is of no use any more: it is logged and not watched on
     */
    void readable() throws IOException;
  }

  private record Watch(Descriptor descriptor, Handler handler) {}

  /** Ends the watching of one descriptor; does not close it. */
  public interface Registration extends AutoCloseable {
    /** Ends it. A handler that is running at the moment still ends its run. */
    @Override
    void close();
  }

  /**
   * Starts a loop and its thread.
   *
   * @throws IOException if the kernel has no descriptors left
   */
  public static EventLoop start() throws IOException {
    EventLoop loop =
        new EventLoop(new Descriptor(Libc.epollCreate()), new Descriptor(Libc.eventDescriptor()));
    loop.control(ADD, loop.stop, STOP);
    loop.thread.start();
    return loop;
  }

  /**
   * Calls {@code handler} whenever {@code descriptor} is readable, until the registration is
   * closed. Close the registration before the descriptor.
   *
   * @throws IOException if the descriptor cannot be watched
   */
  public Registration register(Descriptor descriptor, Handler handler) throws IOException {
    long key = keys.incrementAndGet();
    watches.put(key, new Watch(descriptor, handler));
    try {
      control(ADD, descriptor, key);
    } catch (IOException e) {
      watches.remove(key);
      throw e;
    }
    return () -> unregister(key);
  }

  private void unregister(long key) {
    Watch watch = watches.remove(key);
    if (watch != null) {
      try {
        control(DELETE, watch.descriptor(), key);
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }
  }

  private void control(int operation, Descriptor descriptor, long key) throws IOException {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment event = arena.allocate(SIZE, 8);
      event.set(ValueLayout.JAVA_INT, 0, EPOLLIN);
      event.set(KEY, DATA, key);
      Libc.epollControl(epoll.number(), operation, descriptor.number(), event);
    }
  }

  private void loop() {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment events = arena.allocate((long) SIZE * EVENTS, 8);
      while (true) {
        int count = Libc.epollWait(epoll.number(), events, EVENTS);
        for (int i = 0; i < count; i++) {
          long key = events.get(KEY, (long) SIZE * i + DATA);
          if (key == STOP) {
            return;
          }
          handle(key);
        }
      }
    } catch (IOException e) {
      LOG.log(System.Logger.Level.ERROR, "the event loop has ended", e);
    }
  }

  private void handle(long key) {
    Watch watch = watches.get(key);
    if (watch == null) {
      return;
    }
    try {
      watch.handler().readable();
    } catch (IOException e) {
      // It would be readable, and fail, for ever.
      LOG.log(System.Logger.Level.ERROR, "a descriptor cannot be read and is given up", e);
      unregister(key);
    } catch (RuntimeException | Error e) {
      LOG.log(System.Logger.Level.ERROR, "a handler of the event loop failed", e);
    }
  }

  /**
   * Ends the loop and waits for its thread, unless called by a handler. Descriptors stay open.
   *
   * @throws IOException if the kernel refuses
   */
  @Override
  public void close() throws IOException {
    Libc.signalEvent(stop.number());
    if (Thread.currentThread() != thread) {
      joinUninterruptibly();
    }
    epoll.close();
    stop.close();
  }

  private void joinUninterruptibly() {
    boolean interrupted = false;
    while (true) {
      try {
        thread.join();
        break;
      } catch (InterruptedException e) {
        interrupted = true;
      }
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
  }
}
