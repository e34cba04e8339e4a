package org.nucleon.host.namespace;

import java.io.IOException;
import java.io.InterruptedIOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.StandardWatchEventKinds;
import java.nio.file.WatchService;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * A network namespace that is held open. Named ones lie in /run/netns exactly as {@code ip netns}
 * makes them, so that {@code ip netns exec NAME} works. See ip-netns(8) and network_namespaces(7).
 *
 * <p>Work that depends on the calling thread's namespace (opening sockets, /proc/sys/net, starting
 * programs) runs as a {@link Task} on a platform thread of this namespace. That thread is inside
 * the namespace only while a task runs: whoever starts a thread, or wakes a virtual thread and
 * thereby makes the JDK start a carrier for it, hands down his own namespace. For the same reason a
 * task should neither start threads nor complete what virtual threads wait for.
 */
public final class NetworkNamespace implements AutoCloseable {
  private static final Path DIRECTORY = Path.of("/run/netns");
  private static final Path SYSCTLS = Path.of("/proc/sys");
  private static final ScopedValue<NetworkNamespace> INSIDE = ScopedValue.newInstance();
  private static final ThreadFactory THREADS =
      Thread.ofPlatform().daemon().name("netns-", 0).factory();

  private final @Nullable String name;
  private final Descriptor descriptor;
  private final ThreadPoolExecutor worker;

  private NetworkNamespace(@Nullable String name, Descriptor descriptor) {
    this.name = name;
    this.descriptor = descriptor;
    this.worker =
        new ThreadPoolExecutor(1, 1, 5, TimeUnit.SECONDS, new LinkedBlockingQueue<>(), THREADS);
    worker.allowCoreThreadTimeOut(true);
  }

  /**
   * Work done inside a namespace.
   *
   * @param <T> what it returns
   */
  public interface Task<T> {
    /**
     * Does it.
     *
     * @throws IOException is passed to the caller
     */
    T call() throws IOException;
  }

  /** The process's own namespace, opened on first use and never closed. */
  private static final class Own {
    static final Descriptor DESCRIPTOR = open();

    private static Descriptor open() {
      try {
        // The main thread's, which never changes; the calling thread may be inside another.
        return new Descriptor(Libc.open("/proc/self/ns/net", Libc.CLOEXEC));
      } catch (SystemCallException e) {
        throw new IllegalStateException(e);
      }
    }
  }

  /**
   * Makes a named namespace with {@code lo} up and opens it.
   *
   * @param name a file name
   * @throws IllegalArgumentException if {@code name} cannot be a file name
   * @throws java.nio.file.FileAlreadyExistsException if there is one of that name
   * @throws IOException if it cannot be made: mostly, not root
   */
  public static NetworkNamespace create(String name) throws IOException {
    Path file = file(name);
    shareDirectory();
    Files.createFile(file);
    try {
      onOwnThread(() -> bindNewNamespace(file));
      return open(name);
    } catch (IOException | RuntimeException e) {
      delete(name);
      throw e;
    }
  }

  /**
   * Opens a namespace that exists.
   *
   * @param name as in /run/netns
   * @throws SystemCallException ENOENT if there is none
   */
  public static NetworkNamespace open(String name) throws IOException {
    return new NetworkNamespace(
        name, new Descriptor(Libc.open(file(name).toString(), Libc.CLOEXEC)));
  }

  /**
   * Opens the namespace that this process was started in.
   *
   * @throws IOException if /proc is missing
   */
  public static NetworkNamespace current() throws IOException {
    return new NetworkNamespace(null, new Descriptor(Libc.open("/proc/self/ns/net", Libc.CLOEXEC)));
  }

  /**
   * Removes the name. The namespace itself, with its links, ends when no process, socket or open
   * {@code NetworkNamespace} is left in it.
   *
   * @return whether there was one
   * @throws IOException if it cannot be removed
   */
  public static boolean delete(String name) throws IOException {
    Path file = file(name);
    try {
      Libc.unmount(file.toString());
    } catch (SystemCallException e) {
      boolean notMounted = e.errno().equals(Errno.EINVAL) || e.errno().equals(Errno.ENOENT);
      if (!notMounted) {
        throw e;
      }
    }
    return Files.deleteIfExists(file);
  }

  /** Whether there is a namespace of that name. */
  public static boolean exists(String name) {
    return Files.exists(file(name));
  }

  /**
   * What tells the namespace that has a name now from an earlier or later one of that name; empty
   * if there is none.
   */
  public static Optional<Object> identity(String name) {
    try {
      return Optional.of(Files.getAttribute(file(name), "unix:ino"));
    } catch (IOException noSuchFile) {
      return Optional.empty();
    }
  }

  static WatchService watchNames() throws IOException {
    Files.createDirectories(DIRECTORY);
    WatchService service = DIRECTORY.getFileSystem().newWatchService();
    DIRECTORY.register(
        service, StandardWatchEventKinds.ENTRY_CREATE, StandardWatchEventKinds.ENTRY_DELETE);
    return service;
  }

  /**
   * The names of all named namespaces, sorted.
   *
   * @throws IOException if /run/netns cannot be read
   */
  public static List<String> list() throws IOException {
    try (Stream<Path> files = Files.list(DIRECTORY)) {
      return files.map(file -> file.getFileName().toString()).sorted().toList();
    } catch (NoSuchFileException e) {
      return List.of();
    }
  }

  /** The name, empty for the process's own namespace. */
  public Optional<String> name() {
    return Optional.ofNullable(name);
  }

  /** A descriptor of the namespace, as netlink's IFLA_NET_NS_FD takes it. */
  public Descriptor descriptor() {
    return descriptor;
  }

  /**
   * Runs a task inside this namespace and waits for it. Tasks of one namespace run one after the
   * other. Inside a task of this namespace it runs at once.
   *
   * @throws IOException what the task throws, or that the namespace cannot be entered
   * @throws IllegalStateException if this namespace is closed, or the caller is a task of another
   */
  public <T> T call(Task<T> task) throws IOException {
    if (INSIDE.isBound()) {
      if (INSIDE.get() != this) {
        throw new IllegalStateException("a task in " + INSIDE.get() + " called into " + this);
      }
      return task.call();
    }
    FutureTask<T> future = new FutureTask<>(() -> inside(task));
    if (worker.isShutdown()) {
      throw new IllegalStateException(this + " is closed");
    }
    worker.execute(future);
    return await(future);
  }

  private <T> T inside(Task<T> task) throws IOException {
    if (name == null) {
      return ScopedValue.where(INSIDE, this).call(task::call);
    }
    Libc.setNetworkNamespace(descriptor.number(), name);
    try {
      return ScopedValue.where(INSIDE, this).call(task::call);
    } finally {
      leave();
    }
  }

  /**
   * Starts a program inside this namespace: a child inherits the namespace of the thread that forks
   * it. The JDK waits for it on a thread that inherits the namespace as well: virtual threads
   * should not wait for the returned process, or a carrier may be made there. Package process has
   * no such thread.
   *
   * @throws IOException if the program cannot be started
   */
  public Process start(ProcessBuilder program) throws IOException {
    return call(program::start);
  }

  /**
   * Reads a kernel parameter of this namespace.
   *
   * @param path below /proc/sys, with slashes: {@code net/ipv4/ip_forward}
   * @throws IllegalArgumentException if the path leads outside /proc/sys/net
   * @throws IOException if there is no such parameter
   */
  public String sysctl(String path) throws IOException {
    Path file = sysctlFile(path);
    return call(() -> Files.readString(file)).strip();
  }

  /**
   * Sets a kernel parameter of this namespace.
   *
   * @param path below /proc/sys, with slashes: {@code net/ipv4/ip_forward}
   * @param value as written to the file
   * @throws IllegalArgumentException if the path leads outside /proc/sys/net
   * @throws IOException if there is no such parameter or it does not take the value
   */
  public void sysctl(String path, String value) throws IOException {
    Path file = sysctlFile(path);
    call(() -> Files.writeString(file, value, StandardOpenOption.WRITE));
  }

  /**
   * Lets go of the namespace, after the tasks that were asked for. A named one goes on to exist.
   *
   * @throws IllegalStateException if called by a task of a namespace
   */
  @Override
  public void close() throws IOException {
    if (INSIDE.isBound()) {
      throw new IllegalStateException("a task closes " + this);
    }
    worker.close();
    descriptor.close();
  }

  /** The name, or {@code the host's namespace}. */
  @Override
  public String toString() {
    return name == null ? "the host's namespace" : "namespace " + name;
  }

  private static void leave() throws SystemCallException {
    Libc.setNetworkNamespace(Own.DESCRIPTOR.number(), "of this process");
  }

  /** Without propagation as iproute2 sets it up, other mount namespaces would not see our names. */
  private static synchronized void shareDirectory() throws IOException {
    Files.createDirectories(DIRECTORY);
    String directory = DIRECTORY.toString();
    try {
      Libc.mount("", directory, Libc.MS_SHARED | Libc.MS_REC);
    } catch (SystemCallException e) {
      if (!e.errno().equals(Errno.EINVAL)) {
        throw e;
      }
      Libc.mount(directory, directory, Libc.MS_BIND | Libc.MS_REC);
      Libc.mount("", directory, Libc.MS_SHARED | Libc.MS_REC);
    }
  }

  private static boolean bindNewNamespace(Path file) throws IOException {
    int home = Own.DESCRIPTOR.number();
    Libc.unshareNetwork();
    try {
      Libc.mount("/proc/thread-self/ns/net", file.toString(), Libc.MS_BIND);
      loopbackUp();
    } finally {
      Libc.setNetworkNamespace(home, "of this process");
    }
    return true;
  }

  /** By ioctl, netdevice(7), so that this package does not need netlink. */
  private static void loopbackUp() throws IOException {
    try (NativeSocket socket = NativeSocket.openHere(2, 2, 0);
        Arena arena = Arena.ofConfined()) {
      MemorySegment request = arena.allocate(40, 8);
      request.setString(0, "lo");
      request.set(ValueLayout.JAVA_SHORT, 16, (short) 1);
      socket.ioctl(0x8914, request, "set lo up");
    }
  }

  private static <T> T onOwnThread(Task<T> task) throws IOException {
    FutureTask<T> future = new FutureTask<>(task::call);
    THREADS.newThread(future).start();
    return await(future);
  }

  private static <T> T await(FutureTask<T> future) throws IOException {
    try {
      return future.get();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new InterruptedIOException("interrupted while a task ran in a namespace");
    } catch (ExecutionException e) {
      switch (e.getCause()) {
        case IOException cause -> throw cause;
        case RuntimeException cause -> throw cause;
        case Error cause -> throw cause;
        case null, default -> throw new IllegalStateException(e);
      }
    }
  }

  private static Path file(String name) {
    boolean fileName =
        !name.isEmpty()
            && name.length() <= 255
            && name.chars().allMatch(c -> c > ' ' && c < 127 && c != '/')
            && !name.equals(".")
            && !name.equals("..");
    if (!fileName) {
      throw new IllegalArgumentException("not a namespace's name: " + name);
    }
    return DIRECTORY.resolve(name);
  }

  private static Path sysctlFile(String path) {
    Path file = SYSCTLS.resolve(path).normalize();
    if (!file.startsWith(SYSCTLS.resolve("net"))) {
      throw new IllegalArgumentException("not a network parameter: " + path);
    }
    return file;
  }
}
