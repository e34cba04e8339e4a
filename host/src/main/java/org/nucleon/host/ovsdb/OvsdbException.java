package org.nucleon.host.ovsdb;

import org.jspecify.annotations.Nullable;

/** The server refused: RFC 7047 section 3.1, "error". Nothing was changed. */
public final class OvsdbException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  private final int operation;
  private final String error;

  OvsdbException(int operation, String error, @Nullable String details) {
    super(
        (operation < 0 ? "" : "operation " + operation + ": ")
            + error
            + (details == null ? "" : ": " + details));
    this.operation = operation;
    this.error = error;
  }

  /**
   * The operation that failed, from 0; the number of operations if the commit as a whole failed; -1
   * if the request did.
   */
  public int operation() {
    return operation;
  }

  /** The error's name, e.g. {@code constraint violation}. */
  public String error() {
    return error;
  }
}
