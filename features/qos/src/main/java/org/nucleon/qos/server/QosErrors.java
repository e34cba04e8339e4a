package org.nucleon.qos.server;

import org.nucleon.core.ApiException;
import org.nucleon.core.resource.Resource;

/** The refusals of QoS, by the names that Neutron's clients know. */
final class QosErrors {

  private QosErrors() {}

  static ApiException policyNotFound(Object id) {
    return ApiException.notFound("QosPolicyNotFound", "QoS policy " + id + " could not be found.");
  }

  static ApiException inUse(Resource policy, Resource by) {
    return ApiException.conflict(
        "QosPolicyInUse",
        "QoS Policy " + policy.id() + " is used by " + by.type() + " " + by.id() + ".");
  }

  static ApiException defaultExists(String project) {
    return ApiException.conflict(
        "QoSPolicyDefaultAlreadyExists",
        "A default QoS policy exists for project " + project + ".");
  }

  static ApiException rulesConflict(String type, Resource other, Object policy) {
    return ApiException.conflict(
        "QoSRulesConflict",
        "Rule "
            + type
            + " conflicts with rule "
            + other.id()
            + " which already exists in QoS Policy "
            + policy
            + ".");
  }

  static ApiException mayNotRemove(Object policy) {
    return ApiException.forbidden(
        "PolicyRemoveAuthorizationError",
        "Failed to remove provided policy " + policy + " because you are not authorized.");
  }
}
