package org.nucleon.host.namespace;

import java.io.IOException;
import java.util.concurrent.atomic.AtomicBoolean;

/** An open file descriptor of the kernel; closing twice is harmless. */
public final class Descriptor implements AutoCloseable {
  private final int number;
  private final AtomicBoolean closed = new AtomicBoolean();

  Descriptor(int number) {
    this.number = number;
  }

  /**
   * A descriptor that becomes readable when the process ends, whoever its parent is. See
   * pidfd_open(2).
   *
   * @param pid the process as this process's PID namespace numbers it
   * @throws SystemCallException ESRCH if there is no such process
   */
  public static Descriptor ofProcess(long pid) throws SystemCallException {
    return new Descriptor(Libc.openProcess(pid));
  }

  /**
   * Sends a signal to the process that this descriptor was opened for, and to no other that may
   * have taken its number since. See pidfd_send_signal(2).
   *
   * @param signal the signal's number, 0 to ask only whether it could be sent
   * @throws SystemCallException ESRCH if the process has ended
   */
  public void signal(int signal) throws SystemCallException {
    Libc.signalProcess(number(), signal);
  }

  /**
   * The number that the kernel knows it by.
   *
   * @throws IllegalStateException if it is closed: the number may belong to another file by now
   */
  public int number() {
    if (closed.get()) {
      throw new IllegalStateException("descriptor is closed");
    }
    return number;
  }

  /**
   * Closes it.
   *
   * @throws IOException if the kernel says so; the descriptor is closed all the same
   */
  @Override
  public void close() throws IOException {
    if (closed.compareAndSet(false, true)) {
      Libc.close(number);
    }
  }
}
