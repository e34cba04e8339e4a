package org.nucleon.core.transaction;

/** The database did not do what it should: full, unreachable, failing disk. */
public final class StoreException extends Exception {

  /** What is known of a failure. */
  public enum Kind {
    /** Nothing was kept; the same again fails again, such as a broken constraint or a full disk. */
    REFUSED,
    /** Nothing was kept; the same again may do: a deadlock, or a certification that failed. */
    THROWN_AWAY,
    /** Nothing was kept; the database cannot be reached. */
    UNREACHABLE,
    /** Whether it was kept is not known: a failed fsync, or a commit whose answer was lost. */
    DOUBTFUL,
    /** The log of changes does not reach back so far. */
    TRIMMED
  }

  private final Kind kind;

  /**
   * A failure after which nothing was kept.
   *
   * @param message what was attempted
   */
  public StoreException(String message, Throwable cause) {
    this(message, cause, Kind.REFUSED);
  }

  /**
   * A failure.
   *
   * @param message what was attempted
   */
  public StoreException(String message, Throwable cause, Kind kind) {
    super(message, cause);
    this.kind = kind;
  }

  /** What is known of it. */
  public Kind kind() {
    return kind;
  }
}
