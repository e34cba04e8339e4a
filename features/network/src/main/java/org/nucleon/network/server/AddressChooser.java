package org.nucleon.network.server;

import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.nucleon.core.ApiException;
import org.nucleon.core.net.IpAddress;
import org.nucleon.core.net.IpPrefix;
import org.nucleon.core.net.IpRange;
import org.nucleon.core.resource.Draft;
import org.nucleon.core.resource.Resource;
import org.nucleon.core.transaction.Transaction;
import org.nucleon.network.api.FixedIp;
import org.nucleon.network.api.Ports;
import org.nucleon.network.api.Subnets;

/**
 * Gives ports their addresses: those asked for, or the lowest free ones of the allocation pools.
 */
final class AddressChooser {

  private AddressChooser() {}

  /** The addresses of a new port, claimed for it. */
  static List<FixedIp> forNewPort(Transaction tx, Draft port) {
    UUID network = port.get(Ports.NETWORK_ID);
    Collection<Resource> subnets = tx.list(Subnets.NETWORK_ID, network);
    if (port.isGiven(Ports.FIXED_IPS) || port.value(Ports.FIXED_IPS) != null) {
      return asked(tx, port.id(), network, subnets, port.get(Ports.FIXED_IPS));
    }
    if (subnets.isEmpty()) {
      return List.of();
    }
    for (Resource subnet : meantFor(port, subnets)) {
      Optional<IpAddress> free = claimFree(tx, subnet, port.id());
      if (free.isPresent()) {
        return List.of(new FixedIp(subnet.id(), free.get()));
      }
    }
    throw NetworkErrors.noMoreAddresses(network);
  }

  /** Those for ports of this device owner, then those for all. */
  private static List<Resource> meantFor(Draft port, Collection<Resource> subnets) {
    List<Resource> fitting = new ArrayList<>();
    List<Resource> forAll = new ArrayList<>();
    for (Resource subnet : subnets) {
      List<String> types = subnet.get(Subnets.SERVICE_TYPES);
      if (types.contains(port.get(Ports.DEVICE_OWNER))) {
        fitting.add(subnet);
      } else if (types.isEmpty()) {
        forAll.add(subnet);
      }
    }
    fitting.addAll(forAll);
    if (fitting.isEmpty()) {
      throw NetworkErrors.noSubnetFor(port.get(Ports.NETWORK_ID), port.get(Ports.DEVICE_OWNER));
    }
    return fitting;
  }

  /** The addresses of a changed port: what is no longer asked for is released, the rest kept. */
  static List<FixedIp> forChangedPort(Transaction tx, Resource before, Draft port) {
    UUID network = port.get(Ports.NETWORK_ID);
    Collection<Resource> subnets = tx.list(Subnets.NETWORK_ID, network);
    List<FixedIp> kept = new ArrayList<>(before.get(Ports.FIXED_IPS));
    List<FixedIp> wanted = new ArrayList<>();
    for (FixedIp one : port.get(Ports.FIXED_IPS)) {
      if (one.address() == null) {
        Optional<FixedIp> present =
            kept.stream().filter(k -> k.subnet().equals(one.subnetId())).findFirst();
        present.ifPresent(kept::remove);
        wanted.add(present.orElse(one));
      } else {
        kept.removeIf(k -> k.ip().equals(one.address()));
        wanted.add(one);
      }
    }
    for (FixedIp gone : kept) {
      tx.release(Subnets.address(gone.subnet(), gone.ip()));
    }
    return asked(tx, port.id(), network, subnets, wanted);
  }

  private static List<FixedIp> asked(
      Transaction tx, UUID port, UUID network, Collection<Resource> subnets, List<FixedIp> wanted) {
    List<FixedIp> chosen = new ArrayList<>();
    for (FixedIp one : wanted) {
      chosen.add(one(tx, port, network, subnets, one));
    }
    return List.copyOf(chosen);
  }

  private static FixedIp one(
      Transaction tx, UUID port, UUID network, Collection<Resource> subnets, FixedIp wanted) {
    IpAddress address = wanted.address();
    if (wanted.subnetId() == null && address == null) {
      throw ApiException.invalidInput("IP allocation requires subnet_id or ip_address");
    }
    if (address == null) {
      Resource subnet = subnetOf(subnets, wanted, network);
      return claimFree(tx, subnet, port)
          .map(free -> new FixedIp(subnet.id(), free))
          .orElseThrow(() -> NetworkErrors.noMoreAddresses(network));
    }
    Resource subnet =
        wanted.subnetId() == null
            ? subnets.stream()
                .filter(s -> s.get(Subnets.CIDR).contains(address))
                .findFirst()
                .orElseThrow(() -> NetworkErrors.invalidIpForNetwork(address))
            : subnetOf(subnets, wanted, network);
    IpPrefix cidr = subnet.get(Subnets.CIDR);
    if (!cidr.contains(address)
        || cidr.length() < cidr.address().bits() - 1
            && (address.equals(cidr.address()) || address.equals(cidr.last()))) {
      throw NetworkErrors.invalidIpForSubnet(address);
    }
    if (!tx.claim(Subnets.address(subnet.id(), address), port)) {
      throw NetworkErrors.ipAddressInUse(network, address);
    }
    return new FixedIp(subnet.id(), address);
  }

  private static Resource subnetOf(Collection<Resource> subnets, FixedIp wanted, UUID network) {
    return subnets.stream()
        .filter(s -> s.id().equals(wanted.subnetId()))
        .findFirst()
        .orElseThrow(() ->
            ApiException.invalidInput(
                "Failed to create port on network "
                    + network
                    + ", because fixed_ips included invalid subnet "
                    + wanted.subnetId()));
  }

  private static Optional<IpAddress> claimFree(Transaction tx, Resource subnet, UUID port) {
    for (IpRange pool : subnet.get(Subnets.ALLOCATION_POOLS)) {
      long size = Math.max(pool.end().minus(pool.start()), 0) + 1;
      long position =
          tx.claimFirstFree(
              offset -> Subnets.address(subnet.id(), pool.start().plus(offset)), size, port);
      if (position >= 0) {
        return Optional.of(pool.start().plus(position));
      }
    }
    return Optional.empty();
  }
}
