package org.nucleon.network.server;

import java.util.Collection;
import java.util.List;
import org.nucleon.core.ApiException;
import org.nucleon.core.resource.Draft;
import org.nucleon.core.resource.Resource;
import org.nucleon.core.transaction.ResourceRules;
import org.nucleon.core.transaction.Transaction;
import org.nucleon.network.api.DeviceOwner;
import org.nucleon.network.api.Networks;
import org.nucleon.network.api.Ports;
import org.nucleon.network.api.RbacPolicies;
import org.nucleon.network.api.Subnets;

/** Sharing, size and removal of networks. */
final class NetworkRules implements ResourceRules {

  private static final int IPV6_MTU = 1280;

  @Override
  public void onCreate(Transaction tx, Draft network) {
    if (network.get(Networks.SHARED)) {
      give(tx, network, RbacPolicies.ACCESS_AS_SHARED);
    }
    if (network.get(Networks.EXTERNAL)) {
      give(tx, network, RbacPolicies.ACCESS_AS_EXTERNAL);
    }
    settleDefault(tx, network);
  }

  /**
   * Checks that a network's packets are large enough for a subnet's: a link of IPv6 carries 1280
   * bytes (RFC 8200, section 5), and the kernel keeps smaller ones free of IPv6.
   */
  static void checkMtu(Resource network, int ipVersion) {
    int mtu = network.get(Networks.MTU);
    if (ipVersion == 6 && mtu != 0 && mtu < IPV6_MTU) {
      throw NetworkErrors.mtuTooSmall(network.id(), IPV6_MTU);
    }
  }

  private static void settleDefault(Transaction tx, Draft network) {
    if (network.get(Networks.IS_DEFAULT) && !network.get(Networks.EXTERNAL)) {
      if (network.isGiven(Networks.IS_DEFAULT)) {
        throw ApiException.invalidInput("is_default is for networks with router:external");
      }
      network.set(Networks.IS_DEFAULT, false);
    }
    if (!network.get(Networks.IS_DEFAULT)) {
      if (network.before().isPresent() && network.isChanged(Networks.IS_DEFAULT)) {
        tx.release(Networks.DEFAULT_EXTERNAL);
      }
      return;
    }
    if (!tx.claim(Networks.DEFAULT_EXTERNAL, network.id())) {
      throw ApiException.conflict(
          "DefaultExternalNetworkExists",
          "A default external network already exists: "
              + tx.owner(Networks.DEFAULT_EXTERNAL).orElseThrow()
              + ".");
    }
  }

  private static void give(Transaction tx, Draft network, String action) {
    RbacPolicies.giveEveryone(tx, Networks.NETWORK.name(), network.id(), network.project(), action);
  }

  @Override
  public void onUpdate(Transaction tx, Resource before, Draft network) {
    if (network.isChanged(Networks.SHARED)) {
      tx.guards(before);
      if (network.get(Networks.SHARED)) {
        give(tx, network, RbacPolicies.ACCESS_AS_SHARED);
      } else {
        unshare(tx, before);
      }
    }
    if (network.isChanged(Networks.EXTERNAL)) {
      tx.guards(before);
      if (!network.get(Networks.EXTERNAL)) {
        Networks.externalPolicies(tx, before.id()).stream()
            .filter(policy -> RbacRules.stands(tx, policy))
            .forEach(tx::delete);
      } else if (Networks.externalPolicies(tx, before.id()).isEmpty()) {
        give(tx, network, RbacPolicies.ACCESS_AS_EXTERNAL);
      }
    }
    if (network.isChanged(Networks.IS_DEFAULT) || network.isChanged(Networks.EXTERNAL)) {
      settleDefault(tx, network);
    }
  }

  @Override
  public void afterUpdate(Transaction tx, Resource before, Resource after) {
    if (!before.get(Networks.MTU).equals(after.get(Networks.MTU))) {
      for (Resource subnet : tx.list(Subnets.NETWORK_ID, after.id())) {
        checkMtu(after, subnet.get(Subnets.IP_VERSION));
      }
    }
  }

  private static void unshare(Transaction tx, Resource network) {
    boolean othersUse =
        Sharing.portOwners(tx, network).stream()
            .anyMatch(project ->
                !project.equals(network.project())
                    && tx.owner(
                            RbacPolicies.claim(
                                network.id(), RbacPolicies.ACCESS_AS_SHARED, project))
                        .isEmpty());
    if (othersUse) {
      throw ApiException.conflict(
          "InvalidSharedSetting",
          "Unable to reconfigure sharing settings for network "
              + network.get(Networks.NAME)
              + ". Multiple tenants are using it.");
    }
    tx.owner(RbacPolicies.claim(network.id(), RbacPolicies.ACCESS_AS_SHARED, RbacPolicies.EVERYONE))
        .flatMap(id -> tx.find(RbacPolicies.RBAC_POLICY, id))
        .ifPresent(tx::delete);
  }

  @Override
  public void onDelete(Transaction tx, Resource network) {
    tx.guards(network);
    Collection<Resource> ports = tx.list(Ports.NETWORK_ID, network.id());
    List<Resource> inUse =
        ports.stream()
            .filter(port -> !DeviceOwner.goesWithNetwork(port.get(Ports.DEVICE_OWNER)))
            .toList();
    if (!inUse.isEmpty()) {
      throw NetworkErrors.networkInUse(network.id(), inUse);
    }
    ports.forEach(tx::delete);
    tx.list(Subnets.NETWORK_ID, network.id()).forEach(tx::delete);
  }
}
