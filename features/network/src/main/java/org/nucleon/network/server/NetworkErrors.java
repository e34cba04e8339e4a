package org.nucleon.network.server;

import java.util.Collection;
import java.util.UUID;
import java.util.stream.Collectors;
import org.nucleon.core.ApiException;
import org.nucleon.core.net.IpAddress;
import org.nucleon.core.net.MacAddress;
import org.nucleon.core.resource.Resource;

/** The refusals of networks, subnets and ports, by the names that Neutron's clients know. */
final class NetworkErrors {

  private NetworkErrors() {}

  static ApiException networkNotFound(Object id) {
    return ApiException.notFound("NetworkNotFound", "Network " + id + " could not be found.");
  }

  static ApiException networkInUse(UUID id, Collection<Resource> ports) {
    String ids =
        ports.stream().map(p -> p.id().toString()).limit(20).collect(Collectors.joining(", "));
    return ApiException.conflict(
        "NetworkInUse",
        "Unable to complete operation on network "
            + id
            + ". There are one or more ports still in use on the network, id for these ports is "
            + ids
            + ".");
  }

  static ApiException mtuTooSmall(UUID network, int minimum) {
    return ApiException.conflict(
        "NetworkMTUSubnetConflict",
        "MTU of " + network + " is not valid, subnet requires a minimum of " + minimum + ".");
  }

  static ApiException subnetInUse(UUID id, String reason) {
    return ApiException.conflict(
        "SubnetInUse", "Unable to complete operation on subnet " + id + ": " + reason + ".");
  }

  static ApiException portInUse(Resource port, String deviceId) {
    return ApiException.conflict(
        "PortInUse",
        "Unable to complete operation on port "
            + port.id()
            + ". Port already has an attached device "
            + deviceId
            + ".");
  }

  static ApiException macAddressInUse(UUID network, MacAddress mac) {
    return ApiException.conflict(
        "MacAddressInUse",
        "Unable to complete operation for network "
            + network
            + ". The mac address "
            + mac
            + " is in use.");
  }

  static ApiException ipAddressInUse(UUID network, IpAddress address) {
    return ApiException.conflict(
        "IpAddressInUse",
        "Unable to complete operation for network "
            + network
            + ". The IP address "
            + address
            + " is in use.");
  }

  static ApiException noMoreAddresses(UUID network) {
    return ApiException.conflict(
        "IpAddressGenerationFailure", "No more IP addresses available on network " + network + ".");
  }

  static ApiException noSubnetFor(UUID network, String owner) {
    return ApiException.conflict(
        "IpAddressGenerationFailureNoMatchingSubnet",
        "No valid service subnet for device owner '" + owner + "' on network " + network + ".");
  }

  static ApiException invalidIpForNetwork(IpAddress address) {
    return ApiException.badRequest(
        "InvalidIpForNetwork",
        "IP address " + address + " is not a valid IP for any of the subnets on the network.");
  }

  static ApiException invalidIpForSubnet(IpAddress address) {
    return ApiException.badRequest(
        "InvalidIpForSubnet",
        "IP address " + address + " is not a valid IP for the specified subnet.");
  }
}
