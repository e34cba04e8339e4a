package org.nucleon.host.process;

import java.io.IOException;
import java.io.InterruptedIOException;
import java.time.Duration;
import java.util.List;
import java.util.OptionalInt;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.nucleon.host.namespace.Descriptor;
import org.nucleon.host.namespace.Errno;
import org.nucleon.host.namespace.EventLoop;
import org.nucleon.host.namespace.SystemCallException;

/**
 * One process, held by a pidfd: what is asked of it reaches it or nobody, whatever becomes of its
 * number. Closing lets go of it; it runs on. One that we have started should be held until it ends:
 * only then is its end taken note of, and no zombie left.
 */
public final class RunningProcess implements AutoCloseable {
  private static final int KILL = 9;
  private static final int TERM = 15;

  private final long pid;
  private final List<String> command;
  private final Descriptor descriptor;
  private final EventLoop.Registration registration;
  private final CompletableFuture<OptionalInt> exit = new CompletableFuture<>();

  RunningProcess(long pid, List<String> command, Descriptor descriptor, EventLoop loop)
      throws IOException {
    this.pid = pid;
    this.command = List.copyOf(command);
    this.descriptor = descriptor;
    // The end may be told before register returns; taking note of it waits for this lock.
    synchronized (this) {
      this.registration = loop.register(descriptor, this::ended);
    }
  }

  private void ended() throws IOException {
    OptionalInt status = Spawn.reap(pid);
    close();
    exit.complete(status);
  }

  /** The process's number. */
  public long pid() {
    return pid;
  }

  /** Its program and arguments, to be compared with what they should be. */
  public List<String> command() {
    return command;
  }

  /**
   * Completes at the moment the process ends: with its exit status (128 and the signal's number if
   * a signal ended it), or with nothing if it is not our child. Never completes once this is
   * closed. Dependents run on the event loop's thread unless they are asynchronous.
   */
  public CompletableFuture<OptionalInt> exit() {
    return exit.copy();
  }

  /**
   * Sends a signal.
   *
   * @return false if the process has ended
   * @throws IOException if it may not be sent
   */
  public synchronized boolean signal(int number) throws IOException {
    if (exit.isDone()) {
      return false;
    }
    try {
      descriptor.signal(number);
      return true;
    } catch (SystemCallException e) {
      if (e.errno().equals(Errno.ESRCH)) {
        return false;
      }
      throw e;
    }
  }

  /**
   * Asks the process to end (SIGTERM), makes it end (SIGKILL) if it has not done so within {@code
   * grace}, and returns when it has ended.
   *
   * @throws IOException if it may not be signalled, or does not even end by SIGKILL within grace
   */
  public void stop(Duration grace) throws IOException {
    signal(TERM);
    if (!ended(grace)) {
      signal(KILL);
      if (!ended(grace)) {
        throw new IOException("process " + pid + " does not end: " + command);
      }
    }
  }

  private boolean ended(Duration limit) throws IOException {
    try {
      exit.get(limit.toMillis(), TimeUnit.MILLISECONDS);
      return true;
    } catch (TimeoutException e) {
      return false;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new InterruptedIOException("interrupted while process " + pid + " was ending");
    } catch (ExecutionException e) {
      throw new IllegalStateException(e);
    }
  }

  /** Lets go of the process, which runs on. */
  @Override
  public synchronized void close() throws IOException {
    registration.close();
    descriptor.close();
  }
}
