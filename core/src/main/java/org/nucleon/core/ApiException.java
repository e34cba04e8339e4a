package org.nucleon.core;

/**
 * A refusal that a client is told: Neutron's exception name, its HTTP status and a message that
 * names what was wrong. Thrown by declarations and rules; nothing of the transaction is kept.
 */
public final class ApiException extends RuntimeException {

  private final int status;
  private final String type;

  /**
   * A refusal.
   *
   * @param status the HTTP status
   * @param type the exception name that clients match, such as {@code NetworkInUse}
   * @param message for people
   */
  public ApiException(int status, String type, String message) {
    super(message, null, false, false);
    this.status = status;
    this.type = type;
  }

  /** 400: the request itself is wrong. */
  public static ApiException badRequest(String type, String message) {
    return new ApiException(400, type, message);
  }

  /** 400 of type {@code InvalidInput}: "Invalid input for operation: reason." */
  public static ApiException invalidInput(String reason) {
    return badRequest("InvalidInput", "Invalid input for operation: " + reason + ".");
  }

  /** 403: known who asks, and not allowed. */
  public static ApiException forbidden(String type, String message) {
    return new ApiException(403, type, message);
  }

  /** 404: no such thing, or none that the caller may know of. */
  public static ApiException notFound(String type, String message) {
    return new ApiException(404, type, message);
  }

  /** 409: right in itself, but at odds with what is there. */
  public static ApiException conflict(String type, String message) {
    return new ApiException(409, type, message);
  }

  /** 503: cannot be done now. */
  public static ApiException unavailable(String type, String message) {
    return new ApiException(503, type, message);
  }

  /** The HTTP status. */
  public int status() {
    return status;
  }

  /** The exception name that clients match. */
  public String type() {
    return type;
  }
}
