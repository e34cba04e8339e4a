package org.nucleon.agent.api;

/** A group that a planner cannot express, and therefore refuses; the message says what and why. */
public final class Unplannable extends Exception {
  /** With the reason, for the operator. */
  public Unplannable(String reason) {
    super(reason);
  }
}
