package org.nucleon.server.api;

import java.util.List;
import org.nucleon.core.ApiException;
import org.nucleon.core.Caller;
import org.nucleon.server.http.Answer;
import org.nucleon.server.http.Request;
import org.nucleon.server.policy.Policy;

/** A part of the API that is no collection of declared resources: {@code /v2.0/quotas}. */
@FunctionalInterface
public interface Section {

  /**
   * Answers a request.
   *
   * @param path what follows {@code /v2.0}, the section's own name first
   */
  Answer answer(Request request, List<String> path, Caller caller, Policy policy);

  /** Refuses other methods. */
  static void only(Request request, String method) {
    if (!request.method().equals(method)) {
      throw wrongMethod(request);
    }
  }

  /** 405. */
  static ApiException wrongMethod(Request request) {
    return new ApiException(
        405,
        "HTTPMethodNotAllowed",
        "The method " + request.method() + " is not allowed for this resource.");
  }

  /** 404 where no resource's type is known. */
  static ApiException nothingHere() {
    return ApiException.notFound("HTTPNotFound", "The resource could not be found.");
  }
}
