package org.nucleon.core.schema;

/**
 * A value that its attribute does not take; the message is the reason, in the words clients know.
 */
public final class InvalidValue extends Exception {

  private final boolean conversion;

  private InvalidValue(String reason, boolean conversion) {
    super(reason, null, false, false);
    this.conversion = conversion;
  }

  /** The value fails validation. */
  public static InvalidValue because(String reason) {
    return new InvalidValue(reason, false);
  }

  /** The value cannot even be converted to the attribute's type (a bad boolean or integer). */
  public static InvalidValue unconvertible(String reason) {
    return new InvalidValue(reason, true);
  }

  /**
   * Whether conversion failed: clients see {@code InvalidInput} instead of {@code HTTPBadRequest}.
   */
  public boolean isConversion() {
    return conversion;
  }
}
