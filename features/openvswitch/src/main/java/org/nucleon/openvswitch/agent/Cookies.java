package org.nucleon.openvswitch.agent;

import java.util.UUID;

/** Cookies of flows: the mark of ours in 16 bits, then the first 48 bits of whose flow it is. */
final class Cookies {

  /** The mark. */
  static final long MARK = 0x4e75L << 48;

  /** The bits of the mark. */
  static final long MASK = 0xffffL << 48;

  private Cookies() {}

  /** The cookie of flows because of a resource. */
  static long of(UUID resource) {
    return MARK | resource.getMostSignificantBits() >>> 16;
  }
}
