package org.nucleon.host.openflow;

/**
 * A meter of a bridge: a token bucket that drops what does not fit, see openflow-1.5.1 section
 * 5.10.
 *
 * @param number its number on the bridge, from 1
 * @param kbps thousands of bits a second, of frames without checksum
 * @param burst thousands of bits that fit in at once; a frame larger than that never passes
 */
public record Meter(long number, long kbps, long burst) {

  /** As ovs-ofctl writes it. */
  @Override
  public String toString() {
    return "meter=" + number + " kbps burst bands=type=drop rate=" + kbps + " burst_size=" + burst;
  }
}
