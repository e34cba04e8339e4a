package org.nucleon.securitygroup.api;

import java.util.Locale;

/** Which way packets go, as the port's device sees it. */
public enum Direction {
  /** To the device. */
  INGRESS,
  /** From the device. */
  EGRESS;

  @Override
  public String toString() {
    return name().toLowerCase(Locale.ROOT);
  }
}
