package org.nucleon.core.schema;

import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A value that its attribute does not take; the message is the reason, in the words clients know.
 */
public final class InvalidValue extends Exception {

  private final boolean conversion;
  private final @Nullable String type;

  private InvalidValue(String reason, boolean conversion, @Nullable String type) {
    super(reason, null, false, false);
    this.conversion = conversion;
    this.type = type;
  }

  /** The value fails validation. */
  public static InvalidValue because(String reason) {
    return new InvalidValue(reason, false, null);
  }

  /** The value cannot even be converted to the attribute's type (a bad boolean or integer). */
  public static InvalidValue unconvertible(String reason) {
    return new InvalidValue(reason, true, null);
  }

  /**
   * The value is refused by an exception that clients know by name.
   *
   * @param type the name, such as {@code SecurityGroupRuleInvalidProtocol}
   * @param message the whole message, which names the attribute
   */
  public static InvalidValue named(String type, String message) {
    return new InvalidValue(message, true, type);
  }

  /** The name of the exception that clients know, where it has one of its own. */
  public Optional<String> type() {
    return Optional.ofNullable(type);
  }

  /**
   * Whether conversion failed: clients see {@code InvalidInput} instead of {@code HTTPBadRequest}.
   */
  public boolean isConversion() {
    return conversion;
  }
}
