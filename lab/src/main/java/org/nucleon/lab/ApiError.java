package org.nucleon.lab;

import tools.jackson.databind.JsonNode;

/** The API refused a request. */
public final class ApiError extends RuntimeException {
  private static final long serialVersionUID = 1L;

  private final int status;
  private final transient JsonNode body;

  /** Makes one from an answer that is not 2xx. */
  ApiError(String request, Api.Answer answer) {
    super(request + ": " + answer.status() + " " + answer.body());
    this.status = answer.status();
    this.body = answer.body();
  }

  /**
   * The HTTP status.
   *
   * @return 4xx or 5xx
   */
  public int status() {
    return status;
  }

  /**
   * The name of Neutron's exception, such as {@code IpAddressInUse}.
   *
   * @return the {@code type} in the error's body, empty if there is none
   */
  public String type() {
    return body.path("NeutronError").path("type").asString("");
  }
}
