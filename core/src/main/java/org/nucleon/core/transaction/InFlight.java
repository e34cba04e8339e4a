package org.nucleon.core.transaction;

import java.util.concurrent.ConcurrentHashMap;
import org.nucleon.core.state.Claim;

/**
 * The values that transactions on this server have chosen and not yet committed: hidden from
 * others.
 */
final class InFlight {

  private final ConcurrentHashMap<Claim, Draws> chosen = new ConcurrentHashMap<>();

  /** Whether the value is now this request's. */
  boolean take(Claim claim, Draws request) {
    Draws holder = chosen.putIfAbsent(claim, request);
    return holder == null || holder == request;
  }

  void release(Claim claim) {
    chosen.remove(claim);
  }
}
