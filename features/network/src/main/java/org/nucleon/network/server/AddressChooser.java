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

  private static final List<Integer> VERSIONS = List.of(4, 6);

  private AddressChooser() {}

  /**
   * The addresses of a new port, claimed for it: those asked for, or else one of each version of IP
   * that the network has subnets to choose from; in any case those that its guest makes itself.
   */
  static List<FixedIp> forNewPort(Transaction tx, Draft port) {
    UUID network = port.get(Ports.NETWORK_ID);
    Collection<Resource> subnets = tx.list(Subnets.NETWORK_ID, network);
    boolean given = port.isGiven(Ports.FIXED_IPS) || port.value(Ports.FIXED_IPS) != null;
    if (given) {
      return asked(tx, port, subnets, port.get(Ports.FIXED_IPS), AutoAddresses.of(subnets, port));
    }
    if (subnets.isEmpty()) {
      return List.of();
    }
    List<Resource> meant = meantFor(port, subnets);
    List<FixedIp> chosen = new ArrayList<>();
    for (int version : VERSIONS) {
      List<Resource> candidates =
          meant.stream()
              .filter(s -> s.get(Subnets.IP_VERSION) == version && !Subnets.isAutoAddress(s))
              .toList();
      if (!candidates.isEmpty()) {
        chosen.add(firstFree(tx, port, candidates));
      }
    }
    chosen.addAll(asked(tx, port, subnets, List.of(), AutoAddresses.of(meant, port)));
    return List.copyOf(chosen);
  }

  private static FixedIp firstFree(Transaction tx, Draft port, List<Resource> subnets) {
    for (Resource subnet : subnets) {
      Optional<IpAddress> free = claimFree(tx, subnet, port.id());
      if (free.isPresent()) {
        return new FixedIp(subnet.id(), free.get());
      }
    }
    throw NetworkErrors.noMoreAddresses(port.get(Ports.NETWORK_ID));
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
    Collection<Resource> subnets = tx.list(Subnets.NETWORK_ID, port.get(Ports.NETWORK_ID));
    List<FixedIp> auto = AutoAddresses.of(subnets, port);
    List<FixedIp> kept = new ArrayList<>(before.get(Ports.FIXED_IPS));
    List<FixedIp> wanted = new ArrayList<>();
    for (FixedIp one : withoutOldAutoAddresses(subnets, before, port)) {
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
    kept.removeAll(auto);
    for (FixedIp gone : kept) {
      tx.release(Subnets.address(gone.subnet(), gone.ip()));
    }
    return asked(tx, port, subnets, wanted, auto);
  }

  /** What is asked for but those that went with the MAC address that the port had. */
  private static List<FixedIp> withoutOldAutoAddresses(
      Collection<Resource> subnets, Resource before, Draft port) {
    List<FixedIp> old = AutoAddresses.of(subnets, before);
    return port.get(Ports.FIXED_IPS).stream().filter(one -> !old.contains(one)).toList();
  }

  /** Claims what is asked for, and what the port has unasked. */
  private static List<FixedIp> asked(
      Transaction tx,
      Draft port,
      Collection<Resource> subnets,
      List<FixedIp> wanted,
      List<FixedIp> auto) {
    List<FixedIp> chosen = new ArrayList<>();
    for (FixedIp one : wanted) {
      if (one.subnetId() == null && one.address() == null) {
        throw ApiException.invalidInput("IP allocation requires subnet_id or ip_address");
      }
      UUID network = port.get(Ports.NETWORK_ID);
      Resource subnet =
          one.subnetId() == null ? subnetWith(subnets, one.ip()) : subnetOf(subnets, one, network);
      if (!Subnets.isAutoAddress(subnet)) {
        chosen.add(inSubnet(tx, port, subnet, one));
      } else if (!AutoAddresses.has(port)) {
        FixedIp own = AutoAddresses.of(subnet, port.get(Ports.MAC_ADDRESS));
        chosen.add(inSubnet(tx, port, subnet, one.address() == null ? own : one));
      } else if (one.address() != null && auto.stream().noneMatch(a -> a.ip().equals(one.ip()))) {
        throw ApiException.invalidInput(
            "IPv6 address "
                + one.address()
                + " can not be directly assigned to a port on subnet "
                + subnet.id()
                + " since the subnet is configured for automatic addresses");
      }
    }
    for (FixedIp one : auto) {
      claim(tx, port, one);
      chosen.add(one);
    }
    return List.copyOf(chosen);
  }

  private static FixedIp inSubnet(Transaction tx, Draft port, Resource subnet, FixedIp wanted) {
    UUID network = port.get(Ports.NETWORK_ID);
    IpAddress address = wanted.address();
    if (address == null) {
      return claimFree(tx, subnet, port.id())
          .map(free -> new FixedIp(subnet.id(), free))
          .orElseThrow(() -> NetworkErrors.noMoreAddresses(network));
    }
    IpPrefix cidr = subnet.get(Subnets.CIDR);
    boolean anyRouters = cidr.version() == 6 && address.equals(cidr.address());
    boolean fits =
        AllocationPools.isForHosts(cidr, address) || anyRouters && !AutoAddresses.has(port);
    if (!fits) {
      throw NetworkErrors.invalidIpForSubnet(address);
    }
    return claim(tx, port, new FixedIp(subnet.id(), address));
  }

  private static FixedIp claim(Transaction tx, Draft port, FixedIp one) {
    if (!tx.claim(Subnets.address(one.subnet(), one.ip()), port.id())) {
      throw NetworkErrors.ipAddressInUse(port.get(Ports.NETWORK_ID), one.ip());
    }
    return one;
  }

  private static Resource subnetWith(Collection<Resource> subnets, IpAddress address) {
    return subnets.stream()
        .filter(s -> s.get(Subnets.CIDR).contains(address))
        .findFirst()
        .orElseThrow(() -> NetworkErrors.invalidIpForNetwork(address));
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
      long size = Math.clamp(pool.end().minus(pool.start()), 0, Long.MAX_VALUE - 1) + 1;
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
