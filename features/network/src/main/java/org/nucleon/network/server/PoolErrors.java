package org.nucleon.network.server;

import org.nucleon.core.ApiException;

/** The refusals of subnet pools and address scopes, by the names that Neutron's clients know. */
final class PoolErrors {

  private PoolErrors() {}

  static ApiException poolNotFound(Object id) {
    return ApiException.notFound(
        "SubnetPoolNotFound", "Subnet pool " + id + " could not be found.");
  }

  static ApiException scopeNotFound(Object id) {
    return ApiException.notFound(
        "AddressScopeNotFound", "Address scope " + id + " could not be found.");
  }

  static ApiException badRequest(String resource, String message) {
    return ApiException.badRequest("BadRequest", "Bad " + resource + " request: " + message + ".");
  }

  /** A 400 of another name, of one sentence. */
  static ApiException refused(String type, String message) {
    return ApiException.badRequest(type, message + ".");
  }
}
