package org.nucleon.host.process;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_SHORT;

import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemoryLayout;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandle;
import java.nio.file.Path;
import java.util.List;
import java.util.OptionalInt;
import org.jspecify.annotations.Nullable;
import org.nucleon.host.namespace.Errno;
import org.nucleon.host.namespace.SystemCallException;

/**
 * posix_spawn(3) rather than ProcessBuilder: it can give the child a session of its own, so that
 * Ctrl-C does not reach it, and needs no thread per child to wait for its end.
 */
final class Spawn {
  private static final short SETSIGDEF = 0x04;
  private static final short SETSIGMASK = 0x08;
  private static final short SETSID = 0x80;
  private static final int O_APPEND_CREATE_WRITE = 02101;
  private static final String PATH =
      "PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin";

  /** More than glibc's attribute and action structures have on any architecture. */
  private static final int STRUCTURE = 1024;

  private static final MethodHandle SPAWN =
      function("posix_spawn", ADDRESS, ADDRESS, ADDRESS, ADDRESS, ADDRESS, ADDRESS);
  private static final MethodHandle ACTIONS_INIT =
      function("posix_spawn_file_actions_init", ADDRESS);
  private static final MethodHandle ACTIONS_OPEN =
      function("posix_spawn_file_actions_addopen", ADDRESS, JAVA_INT, ADDRESS, JAVA_INT, JAVA_INT);
  private static final MethodHandle ACTIONS_DUP2 =
      function("posix_spawn_file_actions_adddup2", ADDRESS, JAVA_INT, JAVA_INT);
  private static final MethodHandle ACTIONS_CLOSE_FROM =
      function("posix_spawn_file_actions_addclosefrom_np", ADDRESS, JAVA_INT);
  private static final MethodHandle ACTIONS_DESTROY =
      function("posix_spawn_file_actions_destroy", ADDRESS);
  private static final MethodHandle ATTRIBUTES_INIT = function("posix_spawnattr_init", ADDRESS);
  private static final MethodHandle ATTRIBUTES_FLAGS =
      function("posix_spawnattr_setflags", ADDRESS, JAVA_SHORT);
  private static final MethodHandle ATTRIBUTES_MASK =
      function("posix_spawnattr_setsigmask", ADDRESS, ADDRESS);
  private static final MethodHandle ATTRIBUTES_DEFAULT =
      function("posix_spawnattr_setsigdefault", ADDRESS, ADDRESS);
  private static final MethodHandle SIGNALS_NONE = function("sigemptyset", ADDRESS);
  private static final MethodHandle SIGNALS_ALL = function("sigfillset", ADDRESS);
  private static final MethodHandle WAIT = function("waitpid", JAVA_INT, ADDRESS, JAVA_INT);

  private Spawn() {}

  private interface Work {
    int run() throws Throwable;
  }

  /**
   * Starts a program in a session of its own, without our open files, signal mask or environment,
   * in the network namespace of the calling thread.
   *
   * @param program the absolute path
   * @param command what it sees as its arguments, its own name first
   * @param log where its output is appended, null to drop it
   * @return its pid
   * @throws SystemCallException ENOENT if there is no such program
   */
  static int start(String program, List<String> command, @Nullable Path log)
      throws SystemCallException {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment actions = arena.allocate(STRUCTURE, 16);
      MemorySegment attributes = arena.allocate(STRUCTURE, 16);
      MemorySegment none = arena.allocate(STRUCTURE, 16);
      MemorySegment all = arena.allocate(STRUCTURE, 16);
      MemorySegment pid = arena.allocate(JAVA_INT);
      String output = log == null ? "/dev/null" : log.toString();
      check("prepare", () -> (int) ACTIONS_INIT.invokeExact(actions));
      try {
        open(arena, actions, 0, "/dev/null", 0);
        open(arena, actions, 1, output, O_APPEND_CREATE_WRITE);
        check("prepare", () -> (int) ACTIONS_DUP2.invokeExact(actions, 1, 2));
        check("prepare", () -> (int) ACTIONS_CLOSE_FROM.invokeExact(actions, 3));
        check("prepare", () -> (int) ATTRIBUTES_INIT.invokeExact(attributes));
        check("prepare", () -> (int) SIGNALS_NONE.invokeExact(none));
        check("prepare", () -> (int) SIGNALS_ALL.invokeExact(all));
        short flags = SETSIGDEF | SETSIGMASK | SETSID;
        check("prepare", () -> (int) ATTRIBUTES_FLAGS.invokeExact(attributes, flags));
        check("prepare", () -> (int) ATTRIBUTES_MASK.invokeExact(attributes, none));
        check("prepare", () -> (int) ATTRIBUTES_DEFAULT.invokeExact(attributes, all));
        MemorySegment file = arena.allocateFrom(program);
        MemorySegment words = strings(arena, command);
        MemorySegment environment = strings(arena, List.of(PATH, "LANG=C.UTF-8"));
        check(
            "start " + program,
            () -> (int) SPAWN.invokeExact(pid, file, actions, attributes, words, environment));
      } finally {
        check("clean up", () -> (int) ACTIONS_DESTROY.invokeExact(actions));
      }
      return pid.get(JAVA_INT, 0);
    }
  }

  /**
   * Takes note of a child's end, so that it does not stay as a zombie.
   *
   * @return its exit status, 128 and the signal's number if a signal ended it; empty if it was not
   *     our child
   */
  static OptionalInt reap(long pid) {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment status = arena.allocate(JAVA_INT);
      int doNotWait = 1;
      int reaped = (int) WAIT.invokeExact((int) pid, status, doNotWait);
      if (reaped != pid) {
        return OptionalInt.empty();
      }
      int word = status.get(JAVA_INT, 0);
      int signal = word & 0x7f;
      return OptionalInt.of(signal == 0 ? (word >> 8) & 0xff : 128 + signal);
    } catch (RuntimeException | Error e) {
      throw e;
    } catch (Throwable impossible) {
      throw new AssertionError(impossible);
    }
  }

  private static void open(
      Arena arena, MemorySegment actions, int descriptor, String path, int flags)
      throws SystemCallException {
    MemorySegment file = arena.allocateFrom(path);
    check("prepare", () -> (int) ACTIONS_OPEN.invokeExact(actions, descriptor, file, flags, 0640));
  }

  private static MemorySegment strings(Arena arena, List<String> strings) {
    MemorySegment array = arena.allocate(ADDRESS, strings.size() + 1L);
    for (int i = 0; i < strings.size(); i++) {
      array.setAtIndex(ADDRESS, i, arena.allocateFrom(strings.get(i)));
    }
    return array;
  }

  /** These functions return the errno, they do not set it. */
  private static void check(String attempt, Work work) throws SystemCallException {
    try {
      int errno = work.run();
      if (errno != 0) {
        throw new SystemCallException(attempt, new Errno(errno));
      }
    } catch (SystemCallException | RuntimeException | Error e) {
      throw e;
    } catch (Throwable impossible) {
      throw new AssertionError(attempt, impossible);
    }
  }

  private static MethodHandle function(String name, MemoryLayout... parameters) {
    Linker linker = Linker.nativeLinker();
    return linker.downcallHandle(
        linker.defaultLookup().findOrThrow(name), FunctionDescriptor.of(JAVA_INT, parameters));
  }
}
