package org.nucleon.core.json;

/**
 * Text that is not the JSON it should be; the message says what is wrong, without the text itself.
 */
public final class MalformedJson extends Exception {
  /** With what is wrong. */
  public MalformedJson(String message) {
    super(message);
  }
}
