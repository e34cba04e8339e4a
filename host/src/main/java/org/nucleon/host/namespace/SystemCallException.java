package org.nucleon.host.namespace;

import java.io.IOException;

/** A system call that the kernel refused: what was attempted, and why not. */
public class SystemCallException extends IOException {
  private static final long serialVersionUID = 1L;

  private final int number;

  /**
   * Says that {@code attempt} failed.
   *
   * @param attempt what was tried, readable after "could not": {@code open /run/netns/a}
   * @param errno why it failed
   */
  public SystemCallException(String attempt, Errno errno) {
    super("could not " + attempt + ": " + errno);
    this.number = errno.number();
  }

  /** Why the call failed. */
  public Errno errno() {
    return new Errno(number);
  }
}
