package org.nucleon.network.server;

import java.util.UUID;
import org.nucleon.core.ApiException;
import org.nucleon.core.net.MacAddress;
import org.nucleon.core.resource.Draft;
import org.nucleon.core.resource.Resource;
import org.nucleon.core.transaction.ResourceRules;
import org.nucleon.core.transaction.Transaction;
import org.nucleon.network.api.Binding;
import org.nucleon.network.api.DeviceOwner;
import org.nucleon.network.api.Networks;
import org.nucleon.network.api.Ports;

/** MAC addresses, IP addresses and device owners of ports. */
final class PortRules implements ResourceRules {

  /** The range that is OpenStack's own, {@code fa:16:3e}. */
  private static final long BASE_MAC = 0xfa16_3e00_0000L;

  private static final int MAC_TRIES = 16;

  @Override
  public void onCreateRequest(Transaction tx, Draft port) {
    UUID networkId = port.get(Ports.NETWORK_ID);
    Resource network =
        tx.find(Networks.NETWORK, networkId)
            .filter(n -> Networks.isVisible(tx, n, tx.caller()))
            .orElseThrow(() -> NetworkErrors.networkNotFound(networkId));
    if (!tx.caller().owns(network.project()) && !Networks.isShared(tx, network, tx.caller())) {
      throw ApiException.forbidden(
          "HTTPForbidden",
          "Tenant " + tx.caller().project() + " not allowed to create port on this network");
    }
  }

  @Override
  public void onCreate(Transaction tx, Draft port) {
    UUID networkId = port.get(Ports.NETWORK_ID);
    tx.reliesOn(
        tx.find(Networks.NETWORK, networkId)
            .orElseThrow(() -> NetworkErrors.networkNotFound(networkId)));
    chooseMac(tx, port, networkId);
    port.set(Ports.FIXED_IPS, AddressChooser.forNewPort(tx, port));
    if (port.get(Ports.DEVICE_OWNER).equals(DeviceOwner.FLOATING_IP)) {
      port.set(Ports.STATUS, "N/A");
    }
  }

  private static void chooseMac(Transaction tx, Draft port, UUID network) {
    MacAddress given = port.value(Ports.MAC_ADDRESS);
    if (given != null) {
      claimMac(tx, port, network, given);
      return;
    }
    for (int i = 0; i < MAC_TRIES; i++) {
      MacAddress mac = new MacAddress(BASE_MAC | tx.random() & 0xff_ffff);
      if (tx.claim(Ports.mac(network, mac), port.id())) {
        port.set(Ports.MAC_ADDRESS, mac);
        return;
      }
    }
    throw ApiException.unavailable(
        "NetworkMacAddressGenerationFailure",
        "Unable to generate unique mac on network " + network + ".");
  }

  private static void claimMac(Transaction tx, Draft port, UUID network, MacAddress mac) {
    if (mac.isMulticast()) {
      throw ApiException.invalidInput("'" + mac + "' is a multicast MAC address");
    }
    if (!tx.claim(Ports.mac(network, mac), port.id())) {
      throw NetworkErrors.macAddressInUse(network, mac);
    }
  }

  @Override
  public void onUpdate(Transaction tx, Resource before, Draft port) {
    if (port.isChanged(Ports.MAC_ADDRESS)) { // null for another one
      changeMac(tx, before, port);
    }
    if (port.isChanged(Ports.FIXED_IPS) || port.isChanged(Ports.MAC_ADDRESS)) {
      port.set(Ports.FIXED_IPS, AddressChooser.forChangedPort(tx, before, port));
    }
  }

  private static void changeMac(Transaction tx, Resource before, Draft port) {
    if (DeviceOwner.isNetworkService(before.get(Ports.DEVICE_OWNER))) {
      throw ApiException.conflict(
          "UnsupportedPortDeviceOwner",
          "Operation mac address update is not supported for device_owner "
              + before.get(Ports.DEVICE_OWNER)
              + " on port "
              + before.id()
              + ".");
    }
    if (Binding.isBound(before)) {
      throw ApiException.conflict(
          "PortBound",
          "Unable to complete operation on port "
              + before.id()
              + ", port is already bound, port type: "
              + before.get(Binding.VIF_TYPE)
              + ", old_mac "
              + before.get(Ports.MAC_ADDRESS)
              + ", new_mac "
              + port.find(Ports.MAC_ADDRESS).map(MacAddress::toString).orElse("chosen anew")
              + ".");
    }
    UUID network = port.get(Ports.NETWORK_ID);
    chooseMac(tx, port, network);
    tx.release(Ports.mac(network, before.get(Ports.MAC_ADDRESS)));
  }
}
