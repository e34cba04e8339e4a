package org.nucleon.cli;

/** Why a verb cannot do what it was asked; the message is one line for the operator. */
public final class Refusal extends Exception {

  /** Refuses for a reason that the message tells whole. */
  public Refusal(String message) {
    super(message, null, false, false);
  }
}
