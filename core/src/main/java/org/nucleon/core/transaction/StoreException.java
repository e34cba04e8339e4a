package org.nucleon.core.transaction;

/** The database did not do what it should: full, unreachable, failing disk. */
public final class StoreException extends Exception {
  private final boolean certain;

  /**
   * A failure after which it is known that nothing of the batch was kept.
   *
   * @param message what was attempted
   */
  public StoreException(String message, Throwable cause) {
    this(message, cause, true);
  }

  /**
   * A failure.
   *
   * @param message what was attempted
   * @param certain whether it is known that nothing of the batch was kept; false after a failed
   *     fsync
   */
  public StoreException(String message, Throwable cause, boolean certain) {
    super(message, cause);
    this.certain = certain;
  }

  /** Whether it is known that nothing of the batch was kept. */
  public boolean isCertain() {
    return certain;
  }
}
