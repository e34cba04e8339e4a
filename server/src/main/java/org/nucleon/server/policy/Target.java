package org.nucleon.server.policy;

import org.jspecify.annotations.Nullable;

/** What a rule is asked about. */
interface Target {

  /** Nothing: what a rule asks of it is not there. */
  Target NONE = key -> null;

  /**
   * The value as a policy file writes it: {@code True}, not {@code true}; null if there is none.
   */
  @Nullable String text(String key);
}
