package org.nucleon.openvswitch.api;

import org.jspecify.annotations.Nullable;

/**
 * What is done to the traffic of a port, see RFC 2475.
 *
 * @param sent how fast its device may send, null for no limit
 * @param received how fast its device may be sent to, null for no limit
 * @param dscp the mark of the IP packets that its device sends, null to leave theirs
 */
public record Conditions(@Nullable Rate sent, @Nullable Rate received, @Nullable Integer dscp) {

  /** Nothing. */
  public static final Conditions NONE = new Conditions(null, null, null);

  /**
   * How much may pass.
   *
   * @param kbps thousands of bits a second
   * @param burst thousands of bits that may pass at once
   */
  public record Rate(int kbps, int burst) {}

  /** These, and of what they say nothing what others say. */
  public Conditions orElse(Conditions others) {
    return new Conditions(
        sent == null ? others.sent : sent,
        received == null ? others.received : received,
        dscp == null ? others.dscp : dscp);
  }
}
