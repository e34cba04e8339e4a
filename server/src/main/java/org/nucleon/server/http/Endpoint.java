package org.nucleon.server.http;

/** Whatever answers HTTP requests; the web server behind it can be exchanged. */
@FunctionalInterface
public interface Endpoint {
  /**
   * Answers a request, on a virtual thread of its own.
   *
   * @throws org.nucleon.core.ApiException for a refusal; anything else becomes a 500 without detail
   */
  Answer answer(Request request);
}
