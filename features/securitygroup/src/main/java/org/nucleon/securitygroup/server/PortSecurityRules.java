package org.nucleon.securitygroup.server;

import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.stream.Collectors;
import org.nucleon.core.ApiException;
import org.nucleon.core.feature.Option;
import org.nucleon.core.resource.Draft;
import org.nucleon.core.resource.Resource;
import org.nucleon.core.transaction.ResourceRules;
import org.nucleon.core.transaction.Transaction;
import org.nucleon.network.api.DeviceOwner;
import org.nucleon.network.api.Networks;
import org.nucleon.network.api.Ports;
import org.nucleon.network.api.RbacPolicies;
import org.nucleon.securitygroup.api.AddressPair;
import org.nucleon.securitygroup.api.PortSecurity;
import org.nucleon.securitygroup.api.SecurityGroups;

/**
 * Which ports have port security, which groups they are in, and which other addresses they may use.
 */
final class PortSecurityRules implements ResourceRules {

  static final Option<Integer> MAX_PAIRS =
      Option.integer("DEFAULT", "max_allowed_address_pair", 10, "Address pairs a port may have");

  private final int maxPairs;

  PortSecurityRules(int maxPairs) {
    this.maxPairs = maxPairs;
  }

  @Override
  public void onCreateRequest(Transaction tx, Draft port) {
    checkGroups(tx, port);
  }

  @Override
  public void onUpdateRequest(Transaction tx, Draft port) {
    checkGroups(tx, port);
    if (!DeviceOwner.isNetworkService(port.get(Ports.DEVICE_OWNER))) {
      DefaultGroups.of(tx, port.project());
    }
  }

  /** A port may be in groups of its own project or shared with it; an administrator's in any. */
  private static void checkGroups(Transaction tx, Draft port) {
    if (!port.isGiven(SecurityGroups.OF_PORT)) {
      return;
    }
    List<UUID> missing = new ArrayList<>();
    List<UUID> groups = port.value(SecurityGroups.OF_PORT);
    if (groups == null) {
      return;
    }
    for (UUID id : groups) {
      if (tx.find(SecurityGroups.SECURITY_GROUP, id)
          .filter(group ->
              tx.caller().owns(group.project())
                  || RbacPolicies.isShared(tx, group.id(), tx.caller()))
          .isEmpty()) {
        missing.add(id);
      }
    }
    if (!missing.isEmpty()) {
      throw ApiException.notFound(
          "SecurityGroupNotFound",
          "Security group "
              + missing.stream().map(UUID::toString).sorted().collect(Collectors.joining(", "))
              + " does not exist");
    }
  }

  @Override
  public void onCreate(Transaction tx, Draft port) {
    Resource network = tx.get(Networks.NETWORK, port.get(Ports.NETWORK_ID));
    boolean service = DeviceOwner.isNetworkService(port.get(Ports.DEVICE_OWNER));
    if (service) {
      port.set(PortSecurity.ENABLED, false);
    } else if (port.value(PortSecurity.ENABLED) == null) {
      port.set(PortSecurity.ENABLED, network.get(PortSecurity.ON_NETWORK));
    }
    boolean hasGroups = port.value(SecurityGroups.OF_PORT) != null;
    if (!hasGroups) {
      boolean byDefault = port.get(PortSecurity.ENABLED) && !port.get(Ports.FIXED_IPS).isEmpty();
      port.set(
          SecurityGroups.OF_PORT,
          byDefault ? List.of(DefaultGroups.of(tx, port.project())) : List.of());
    }
    completePairs(port);
    checkGroupsAreAllowed(port, port.get(PortSecurity.ENABLED));
    check(port);
    checkStateful(tx, port);
  }

  /** Groups that a request gives to a port without port security. */
  private static void checkGroupsAreAllowed(Draft port, boolean before) {
    if (port.isGiven(SecurityGroups.OF_PORT)
        && !port.get(SecurityGroups.OF_PORT).isEmpty()
        && !before
        && !port.get(PortSecurity.ENABLED)) {
      throw ApiException.badRequest(
          "PortSecurityAndIPRequiredForSecurityGroups",
          "Port security must be enabled and port must have an IP address in order to use"
              + " security groups.");
    }
  }

  @Override
  public void onUpdate(Transaction tx, Resource before, Draft port) {
    if (port.value(SecurityGroups.OF_PORT) == null) {
      port.set(SecurityGroups.OF_PORT, List.of());
    }
    if (DeviceOwner.isNetworkService(port.get(Ports.DEVICE_OWNER))
        && port.isChanged(Ports.DEVICE_OWNER)) {
      port.set(PortSecurity.ENABLED, false).set(SecurityGroups.OF_PORT, List.of());
    }
    completePairs(port);
    checkGroupsAreAllowed(port, before.get(PortSecurity.ENABLED));
    check(port);
    checkStateful(tx, port);
  }

  private static void completePairs(Draft port) {
    port.set(
        PortSecurity.ADDRESS_PAIRS,
        port.get(PortSecurity.ADDRESS_PAIRS).stream()
            .map(pair ->
                pair.mac() == null
                    ? new AddressPair(pair.prefix(), port.get(Ports.MAC_ADDRESS))
                    : pair)
            .toList());
  }

  /** The connections of a port are tracked, or they are not. */
  private static void checkStateful(Transaction tx, Draft port) {
    List<UUID> groups = port.get(SecurityGroups.OF_PORT);
    if (groups.size() < 2 || !port.isChanged(SecurityGroups.OF_PORT)) {
      return;
    }
    List<Resource> found =
        groups.stream().flatMap(id -> tx.find(SecurityGroups.SECURITY_GROUP, id).stream()).toList();
    found.forEach(tx::reliesOn);
    if (found.stream().map(group -> group.get(SecurityGroups.STATEFUL)).distinct().count() > 1) {
      throw ApiException.conflict(
          "SecurityGroupConflict",
          "Error: stateful and stateless security groups cannot be mixed on a port, while"
              + " attempting the operation on port "
              + port.id()
              + ".");
    }
  }

  private void check(Draft port) {
    List<AddressPair> pairs = port.get(PortSecurity.ADDRESS_PAIRS);
    if (pairs.size() > maxPairs) {
      throw ApiException.badRequest(
          "AllowedAddressPairExhausted",
          "The number of allowed address pair exceeds the maximum " + maxPairs + ".");
    }
    if (pairs.stream().distinct().count() < pairs.size()) {
      throw ApiException.badRequest(
          "DuplicateAddressPairInRequest", "Request contains duplicate address pair.");
    }
    if (port.get(PortSecurity.ENABLED)) {
      return;
    }
    if (!port.get(SecurityGroups.OF_PORT).isEmpty()) {
      throw ApiException.conflict(
          "PortSecurityPortHasSecurityGroup",
          "Port has security group associated. Cannot disable port security or IP address until"
              + " security group is removed.");
    }
    if (!pairs.isEmpty()) {
      throw ApiException.conflict(
          "AddressPairAndPortSecurityRequired",
          "Port Security must be enabled in order to have allowed address pairs on a port.");
    }
  }
}
