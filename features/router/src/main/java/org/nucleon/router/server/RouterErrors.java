package org.nucleon.router.server;

import java.util.Collection;
import java.util.UUID;
import java.util.stream.Collectors;
import org.nucleon.core.ApiException;
import org.nucleon.core.resource.Resource;

/** The refusals of routers and floating IPs, by the names that Neutron's clients know. */
final class RouterErrors {

  private RouterErrors() {}

  static ApiException badRequest(String what, String reason) {
    return ApiException.badRequest("BadRequest", "Bad " + what + " request: " + reason + ".");
  }

  static ApiException routerNotFound(Object id) {
    return ApiException.notFound("RouterNotFound", "Router " + id + " could not be found.");
  }

  static ApiException routerInUse(UUID id, Collection<Resource> ports) {
    return ApiException.conflict(
        "RouterInUse",
        "Router "
            + id
            + " in use: has ports still attached: "
            + ports.stream().map(p -> p.id().toString()).limit(20).collect(Collectors.joining(", "))
            + ".");
  }

  static ApiException gatewayInUse(UUID router, UUID network) {
    return ApiException.conflict(
        "RouterExternalGatewayInUseByFloatingIp",
        "Gateway cannot be updated for router "
            + router
            + ", since a gateway to external network "
            + network
            + " is required by one or more floating IPs.");
  }

  static ApiException interfaceNotFound(UUID router, Object port) {
    return ApiException.notFound(
        "RouterInterfaceNotFound",
        "Router " + router + " does not have an interface with id " + port + ".");
  }

  static ApiException interfaceNotFoundForSubnet(UUID router, Object subnet) {
    return ApiException.notFound(
        "RouterInterfaceNotFoundForSubnet",
        "Router " + router + " has no interface on subnet " + subnet + ".");
  }

  static ApiException interfaceInUseByFloatingIp(UUID router, UUID subnet) {
    return ApiException.conflict(
        "RouterInterfaceInUseByFloatingIP",
        "Router interface for subnet "
            + subnet
            + " on router "
            + router
            + " cannot be deleted, as it is required by one or more floating IPs.");
  }

  static ApiException interfaceInUseByRoute(UUID router, UUID subnet) {
    return ApiException.conflict(
        "RouterInterfaceInUseByRoute",
        "Router interface for subnet "
            + subnet
            + " on router "
            + router
            + " cannot be deleted, as it is required by one or more routes.");
  }

  static ApiException servicePortInUse(Resource port, String owner) {
    return ApiException.conflict(
        "ServicePortInUse",
        "Port "
            + port.id()
            + " cannot be deleted directly via the port API: has device owner "
            + owner
            + ".");
  }

  static ApiException invalidRoutes(Object routes, String reason) {
    return ApiException.badRequest(
        "InvalidRoutes", "Invalid format for routes: " + routes + ", " + reason + ".");
  }
}
