package org.nucleon.lab;

/** The lab itself failed: a program that builds it answered with an error, or a wait ran out. */
public final class LabException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  /**
   * Makes one.
   *
   * @param message what failed, with the output of what failed
   */
  public LabException(String message) {
    super(message);
  }

  /**
   * Makes one from its cause.
   *
   * @param message what failed
   * @param cause why
   */
  public LabException(String message, Throwable cause) {
    super(message, cause);
  }
}
