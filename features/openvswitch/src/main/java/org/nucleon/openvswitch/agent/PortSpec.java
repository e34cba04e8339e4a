package org.nucleon.openvswitch.agent;

import java.util.Collection;
import java.util.List;
import java.util.UUID;
import java.util.stream.Stream;
import org.nucleon.core.net.IpAddress;
import org.nucleon.core.net.IpPrefix;
import org.nucleon.core.resource.Resource;
import org.nucleon.core.resource.View;
import org.nucleon.host.ethernet.MacAddress;
import org.nucleon.network.api.Binding;
import org.nucleon.network.api.DeviceOwner;
import org.nucleon.network.api.FixedIp;
import org.nucleon.network.api.Ports;
import org.nucleon.securitygroup.api.AddressPair;
import org.nucleon.securitygroup.api.PortSecurity;
import org.nucleon.securitygroup.api.SecurityGroups;

/**
 * What of a port matters to switches: ports with equal specs are served alike.
 *
 * @param id the port
 * @param network its network
 * @param host the host that it is bound to; empty for none
 * @param targets the hosts that it may be about to move to
 * @param isUp whether packets are to pass
 * @param mac its MAC address
 * @param addresses its addresses, of both versions of IP
 * @param owner its device's kind
 * @param isSecured whether it has anti-spoofing and rules
 * @param pairs what it may use beside its own addresses
 * @param groups its security groups, in order of id
 */
record PortSpec(
    UUID id,
    UUID network,
    String host,
    List<String> targets,
    boolean isUp,
    MacAddress mac,
    List<IpAddress> addresses,
    String owner,
    boolean isSecured,
    List<AddressPair> pairs,
    List<UUID> groups) {

  /** Reads a port. */
  static PortSpec of(Resource port) {
    String owner = port.get(Ports.DEVICE_OWNER);
    return new PortSpec(
        port.id(),
        port.get(Ports.NETWORK_ID),
        Binding.isBound(port) ? port.get(Binding.HOST_ID) : "",
        Binding.isBound(port) ? port.get(Binding.TARGETS) : List.of(),
        port.get(Ports.ADMIN_STATE_UP),
        new MacAddress(port.get(Ports.MAC_ADDRESS).value()),
        port.get(Ports.FIXED_IPS).stream().map(FixedIp::ip).toList(),
        owner,
        port.get(PortSecurity.ENABLED) && !DeviceOwner.isNetworkService(owner),
        port.get(PortSecurity.ADDRESS_PAIRS),
        port.get(SecurityGroups.OF_PORT).stream().sorted().distinct().toList());
  }

  /** The ports of a network. */
  static List<PortSpec> onNetwork(View view, UUID network) {
    return all(view.list(Ports.NETWORK_ID, network));
  }

  /** Reads ports. */
  static List<PortSpec> all(Collection<Resource> ports) {
    return ports.stream().map(PortSpec::of).toList();
  }

  /** Whether that host is to pass its packets. */
  boolean isServedBy(String name) {
    return isUp && host.equals(name);
  }

  /** Whether that host is to pass its packets as soon as it has moved there. */
  boolean isExpectedBy(String name) {
    return isUp && targets.contains(name) && !host.equals(name);
  }

  /** Whether a host other than that one is to pass its packets. */
  boolean isServedBeyond(String name) {
    return isUp && !host.isEmpty() && !host.equals(name);
  }

  /** Whether it makes no difference to where its network is. */
  boolean isServedLike(PortSpec other) {
    return isUp == other.isUp
        && host.equals(other.host)
        && targets.equals(other.targets)
        && network.equals(other.network);
  }

  /** Whether the network service itself uses it. */
  boolean isTrusted() {
    return DeviceOwner.isNetworkService(owner);
  }

  /** Whether a guest has it that may use any address, such as a bridge or a router. */
  boolean isOpen() {
    return !isSecured && !isTrusted();
  }

  /** Whether this agent makes its device and plugs it. */
  boolean isPluggedByAgent() {
    return switch (owner) {
      case DeviceOwner.DHCP, DeviceOwner.ROUTER_INTERFACE, DeviceOwner.ROUTER_GATEWAY -> true;
      default -> false;
    };
  }

  /** The MAC address that goes with a pair. */
  MacAddress mac(AddressPair pair) {
    return pair.mac() == null ? mac : new MacAddress(pair.mac().value());
  }

  /** Its addresses of a version of IP. */
  List<IpAddress> addresses(int version) {
    return addresses.stream().filter(address -> address.version() == version).toList();
  }

  /** The address that it has on the link without being given one, see RFC 4862. */
  IpAddress linkLocal() {
    return linkLocal(mac);
  }

  /** The link-local address that goes with a MAC address. */
  static IpAddress linkLocal(MacAddress mac) {
    return IpPrefix.LINK_LOCAL.eui64(new org.nucleon.core.net.MacAddress(mac.value()));
  }

  /** All addresses that it speaks for, to those who let its groups in. */
  Stream<IpPrefix> prefixes() {
    return Stream.concat(
        addresses.stream().map(address -> new IpPrefix(address, address.bits())),
        pairs.stream().map(AddressPair::prefix));
  }
}
