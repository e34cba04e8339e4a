package org.nucleon.server.identity;

import org.nucleon.core.Caller;
import org.nucleon.server.http.Request;

/** Tells who sent a request. */
public interface Identity {

  /**
   * Who sent it.
   *
   * @throws org.nucleon.core.ApiException 401 if nobody that is known, 503 if it cannot be told now
   */
  Caller caller(Request request);

  /** Whether callers prove who they are, so that others than this machine may be let in. */
  boolean isProven();

  /** What a 401 answers in {@code WWW-Authenticate}; empty for nothing. */
  default String challenge() {
    return "";
  }
}
