package org.nucleon.host.nftables;

import java.io.IOException;

/** A ruleset that was refused, as a whole; the message is what nft says about it. */
public final class NftablesException extends IOException {
  private static final long serialVersionUID = 1L;

  NftablesException(String message) {
    super(message);
  }
}
