package org.nucleon.host.namespace;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemoryLayout;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.StructLayout;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.VarHandle;
import org.jspecify.annotations.Nullable;

/**
 * The C library's functions that this module calls, one Java method each. Failures become {@link
 * SystemCallException}. Constants are those that x86_64 and aarch64 share.
 */
final class Libc {
  static final int CLOEXEC = 02000000;
  static final int CLONE_NEWNET = 0x40000000;
  static final int MS_BIND = 0x1000;
  static final int MS_REC = 0x4000;
  static final int MS_SHARED = 1 << 20;
  static final int MNT_DETACH = 2;

  private static final long SYS_PIDFD_SEND_SIGNAL = 424;
  private static final long SYS_PIDFD_OPEN = 434;

  private static final Linker LINKER = Linker.nativeLinker();
  private static final StructLayout STATE = Linker.Option.captureStateLayout();
  private static final VarHandle ERRNO =
      STATE.varHandle(MemoryLayout.PathElement.groupElement("errno"));

  private static final MethodHandle OPEN = variadic("open", 2, JAVA_INT, ADDRESS, JAVA_INT);
  private static final MethodHandle CLOSE = function("close", JAVA_INT, JAVA_INT);
  private static final MethodHandle UNSHARE = function("unshare", JAVA_INT, JAVA_INT);
  private static final MethodHandle SETNS = function("setns", JAVA_INT, JAVA_INT, JAVA_INT);
  private static final MethodHandle MOUNT =
      function("mount", JAVA_INT, ADDRESS, ADDRESS, ADDRESS, JAVA_LONG, ADDRESS);
  private static final MethodHandle UMOUNT2 = function("umount2", JAVA_INT, ADDRESS, JAVA_INT);
  private static final MethodHandle SOCKET =
      function("socket", JAVA_INT, JAVA_INT, JAVA_INT, JAVA_INT);
  private static final MethodHandle BIND = function("bind", JAVA_INT, JAVA_INT, ADDRESS, JAVA_INT);
  private static final MethodHandle GETSOCKNAME =
      function("getsockname", JAVA_INT, JAVA_INT, ADDRESS, ADDRESS);
  private static final MethodHandle SETSOCKOPT =
      function("setsockopt", JAVA_INT, JAVA_INT, JAVA_INT, JAVA_INT, ADDRESS, JAVA_INT);
  private static final MethodHandle SENDTO =
      function("sendto", JAVA_LONG, JAVA_INT, ADDRESS, JAVA_LONG, JAVA_INT, ADDRESS, JAVA_INT);
  private static final MethodHandle RECV =
      function("recv", JAVA_LONG, JAVA_INT, ADDRESS, JAVA_LONG, JAVA_INT);
  private static final MethodHandle IOCTL =
      variadic("ioctl", 2, JAVA_INT, JAVA_INT, JAVA_LONG, ADDRESS);
  private static final MethodHandle EPOLL_CREATE1 = function("epoll_create1", JAVA_INT, JAVA_INT);
  private static final MethodHandle EPOLL_CTL =
      function("epoll_ctl", JAVA_INT, JAVA_INT, JAVA_INT, JAVA_INT, ADDRESS);
  private static final MethodHandle EPOLL_WAIT =
      function("epoll_wait", JAVA_INT, JAVA_INT, ADDRESS, JAVA_INT, JAVA_INT);
  private static final MethodHandle EVENTFD = function("eventfd", JAVA_INT, JAVA_INT, JAVA_INT);
  private static final MethodHandle WRITE =
      function("write", JAVA_LONG, JAVA_INT, ADDRESS, JAVA_LONG);
  private static final MethodHandle PIDFD_OPEN =
      variadic("syscall", 1, JAVA_LONG, JAVA_LONG, JAVA_INT, JAVA_INT);
  private static final MethodHandle PIDFD_SEND_SIGNAL =
      variadic("syscall", 1, JAVA_LONG, JAVA_LONG, JAVA_INT, JAVA_INT, ADDRESS, JAVA_INT);

  private Libc() {}

  /** One call: gets where errno goes and where to put arguments, returns what the function did. */
  private interface Call {
    long invoke(MemorySegment errno, Arena arena) throws Throwable;
  }

  static int open(String path, int flags) throws SystemCallException {
    return (int)
        check(
            "open " + path,
            (errno, arena) -> (int) OPEN.invokeExact(errno, arena.allocateFrom(path), flags));
  }

  static void close(int descriptor) throws SystemCallException {
    check("close descriptor", (errno, arena) -> (int) CLOSE.invokeExact(errno, descriptor));
  }

  static void unshareNetwork() throws SystemCallException {
    check(
        "make a network namespace",
        (errno, arena) -> (int) UNSHARE.invokeExact(errno, CLONE_NEWNET));
  }

  static void setNetworkNamespace(int descriptor, String name) throws SystemCallException {
    check(
        "enter network namespace " + name,
        (errno, arena) -> (int) SETNS.invokeExact(errno, descriptor, CLONE_NEWNET));
  }

  static void mount(String source, String target, int flags) throws SystemCallException {
    check(
        "mount " + target,
        (errno, arena) ->
            (int)
                MOUNT.invokeExact(
                    errno,
                    arena.allocateFrom(source),
                    arena.allocateFrom(target),
                    arena.allocateFrom("none"),
                    (long) flags,
                    MemorySegment.NULL));
  }

  static void unmount(String target) throws SystemCallException {
    check(
        "unmount " + target,
        (errno, arena) -> (int) UMOUNT2.invokeExact(errno, arena.allocateFrom(target), MNT_DETACH));
  }

  static int socket(int domain, int type, int protocol) throws SystemCallException {
    return (int)
        check(
            "make a socket of family " + domain,
            (errno, arena) -> (int) SOCKET.invokeExact(errno, domain, type, protocol));
  }

  static void bind(int descriptor, byte[] address) throws SystemCallException {
    check(
        "bind a socket",
        (errno, arena) ->
            (int) BIND.invokeExact(errno, descriptor, copy(arena, address), address.length));
  }

  static byte[] socketName(int descriptor, int length) throws SystemCallException {
    byte[] name = new byte[length];
    check(
        "read a socket's address",
        (errno, arena) -> {
          MemorySegment address = arena.allocate(length, 8);
          int result =
              (int)
                  GETSOCKNAME.invokeExact(
                      errno, descriptor, address, arena.allocateFrom(JAVA_INT, length));
          MemorySegment.ofArray(name).copyFrom(address);
          return result;
        });
    return name;
  }

  static void setOption(int descriptor, int level, int option, int value)
      throws SystemCallException {
    check(
        "set socket option " + option,
        (errno, arena) ->
            (int)
                SETSOCKOPT.invokeExact(
                    errno, descriptor, level, option, arena.allocateFrom(JAVA_INT, value), 4));
  }

  static void send(int descriptor, byte[] data, byte @Nullable [] destination)
      throws SystemCallException {
    retrying(
        "send on a socket",
        (errno, arena) -> {
          MemorySegment to = destination == null ? MemorySegment.NULL : copy(arena, destination);
          int length = destination == null ? 0 : destination.length;
          return (long)
              SENDTO.invokeExact(
                  errno, descriptor, copy(arena, data), (long) data.length, 0, to, length);
        });
  }

  /** Receives one datagram of at most {@code limit} bytes; a longer one is a failure (EMSGSIZE). */
  static byte[] receive(int descriptor, int limit, int flags) throws SystemCallException {
    int truncate = 0x20;
    byte[][] received = new byte[1][];
    retrying(
        "receive on a socket",
        (errno, arena) -> {
          MemorySegment buffer = arena.allocate(limit, 8);
          long length =
              (long) RECV.invokeExact(errno, descriptor, buffer, (long) limit, flags | truncate);
          if (length > limit) {
            ERRNO.set(errno, 0L, 90);
            return -1;
          }
          received[0] = buffer.asSlice(0, Math.max(0, length)).toArray(JAVA_BYTE);
          return length;
        });
    return received[0];
  }

  static void ioctl(int descriptor, long request, MemorySegment argument, String attempt)
      throws SystemCallException {
    check(attempt, (errno, arena) -> (int) IOCTL.invokeExact(errno, descriptor, request, argument));
  }

  static int epollCreate() throws SystemCallException {
    return (int)
        check(
            "make an epoll set", (errno, arena) -> (int) EPOLL_CREATE1.invokeExact(errno, CLOEXEC));
  }

  static void epollControl(int epoll, int operation, int descriptor, MemorySegment event)
      throws SystemCallException {
    check(
        "watch a descriptor",
        (errno, arena) -> (int) EPOLL_CTL.invokeExact(errno, epoll, operation, descriptor, event));
  }

  static int epollWait(int epoll, MemorySegment events, int count) throws SystemCallException {
    return (int)
        retrying(
            "wait for events",
            (errno, arena) -> (int) EPOLL_WAIT.invokeExact(errno, epoll, events, count, -1));
  }

  static int eventDescriptor() throws SystemCallException {
    return (int)
        check(
            "make an event descriptor",
            (errno, arena) -> (int) EVENTFD.invokeExact(errno, 0, CLOEXEC));
  }

  static void signalEvent(int descriptor) throws SystemCallException {
    check(
        "write to an event descriptor",
        (errno, arena) ->
            (long) WRITE.invokeExact(errno, descriptor, arena.allocateFrom(JAVA_LONG, 1L), 8L));
  }

  static int openProcess(long pid) throws SystemCallException {
    return (int)
        check(
            "open process " + pid,
            (errno, arena) -> (long) PIDFD_OPEN.invokeExact(errno, SYS_PIDFD_OPEN, (int) pid, 0));
  }

  static void signalProcess(int descriptor, int signal) throws SystemCallException {
    check(
        "send signal " + signal + " to a process",
        (errno, arena) ->
            (long)
                PIDFD_SEND_SIGNAL.invokeExact(
                    errno, SYS_PIDFD_SEND_SIGNAL, descriptor, signal, MemorySegment.NULL, 0));
  }

  private static long check(String attempt, Call call) throws SystemCallException {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment errno = arena.allocate(STATE);
      long result = call.invoke(errno, arena);
      if (result < 0) {
        throw new SystemCallException(attempt, new Errno((int) ERRNO.get(errno, 0L)));
      }
      return result;
    } catch (SystemCallException | RuntimeException | Error e) {
      throw e;
    } catch (Throwable impossible) {
      throw new AssertionError(attempt, impossible);
    }
  }

  private static long retrying(String attempt, Call call) throws SystemCallException {
    while (true) {
      try {
        return check(attempt, call);
      } catch (SystemCallException e) {
        if (!e.errno().equals(Errno.EINTR)) {
          throw e;
        }
      }
    }
  }

  private static MemorySegment copy(Arena arena, byte[] bytes) {
    return arena.allocateFrom(JAVA_BYTE, bytes);
  }

  private static MethodHandle function(
      String name, MemoryLayout result, MemoryLayout... parameters) {
    return link(name, result, parameters, Linker.Option.captureCallState("errno"));
  }

  /** A function whose parameters from {@code first} on are declared as {@code ...} in C. */
  private static MethodHandle variadic(
      String name, int first, MemoryLayout result, MemoryLayout... parameters) {
    return link(
        name,
        result,
        parameters,
        Linker.Option.captureCallState("errno"),
        Linker.Option.firstVariadicArg(first));
  }

  private static MethodHandle link(
      String name, MemoryLayout result, MemoryLayout[] parameters, Linker.Option... options) {
    return LINKER.downcallHandle(
        LINKER.defaultLookup().findOrThrow(name),
        FunctionDescriptor.of(result, parameters),
        options);
  }
}
