package org.nucleon.metadata.agent;

/** A request that is not passed on. */
final class RefusedRequest extends Exception {
  private final int status;

  /**
   * With what the guest is told.
   *
   * @param status an HTTP status
   */
  RefusedRequest(int status, String reason) {
    super(reason);
    this.status = status;
  }

  int status() {
    return status;
  }
}
