package org.nucleon.agent.api;

/** An engine of the host did not do what it should; the message says what was attempted. */
public final class ApplyException extends Exception {
  /** With what was attempted. */
  public ApplyException(String message) {
    super(message);
  }

  /** With what was attempted and what came of it. */
  public ApplyException(String message, Throwable cause) {
    super(message, cause);
  }
}
