package org.nucleon.dhcp.agent;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.nucleon.agent.api.Facts.FactKey;
import org.nucleon.agent.api.Group;
import org.nucleon.agent.api.Plan;
import org.nucleon.agent.api.Planner;
import org.nucleon.agent.api.Planning;
import org.nucleon.agent.device.AddressItem;
import org.nucleon.agent.device.DeviceItem;
import org.nucleon.agent.device.DeviceNames;
import org.nucleon.agent.device.Ipv6;
import org.nucleon.agent.device.NamespaceItem;
import org.nucleon.agent.device.NeighbourItem;
import org.nucleon.core.resource.Resource;
import org.nucleon.core.resource.View;
import org.nucleon.core.state.Change;
import org.nucleon.dhcp.api.Dhcp;
import org.nucleon.dhcp.api.DnsNames;
import org.nucleon.dhcp.api.ExtraDhcpOption;
import org.nucleon.dhcp.api.IsolatedMetadata;
import org.nucleon.host.ethernet.IpPrefix;
import org.nucleon.host.ethernet.MacAddress;
import org.nucleon.network.api.DeviceOwner;
import org.nucleon.network.api.FixedIp;
import org.nucleon.network.api.Networks;
import org.nucleon.network.api.Ports;
import org.nucleon.network.api.Subnets;

/**
 * Plans the DHCP servers of a host: a group for each network's server, and one for each port that
 * it knows, so that a change of one port costs no more in a large network.
 */
final class DhcpPlanner implements Planner {
  private static final String SERVER = "dhcp";
  private static final String PORT = "dhcp-port";

  private final Dnsmasq dnsmasq;
  private final IsolatedMetadata metadata;

  DhcpPlanner(Dnsmasq dnsmasq, IsolatedMetadata metadata) {
    this.dnsmasq = dnsmasq;
    this.metadata = metadata;
  }

  @Override
  public String name() {
    return "dhcp";
  }

  @Override
  public void groups(Planning in, Consumer<Group> groups) {
    for (Resource network : in.view().list(Dhcp.HOSTS, in.host())) {
      network(in.view(), network.id(), groups);
    }
  }

  private static void network(View view, UUID network, Consumer<Group> groups) {
    groups.accept(new Group(SERVER, network));
    view.list(Ports.NETWORK_ID, network).forEach(port -> groups.accept(new Group(PORT, port.id())));
  }

  @Override
  public void affected(Change change, View before, View after, Consumer<Group> groups) {
    Resource known = change.after() == null ? change.before() : change.after();
    if (known == null) {
      return;
    }
    if (change.type().equals(Networks.NETWORK)) {
      if (change.isOf(Dhcp.HOSTS) || change.isOf(Networks.ADMIN_STATE_UP)) {
        network(before, change.id(), groups);
        network(after, change.id(), groups);
      } else {
        groups.accept(new Group(SERVER, change.id()));
      }
    } else if (change.type().equals(Subnets.SUBNET)) {
      UUID network = known.get(Subnets.NETWORK_ID);
      if (change.isOf(Subnets.ENABLE_DHCP)) {
        network(before, network, groups);
        network(after, network, groups);
      } else {
        groups.accept(new Group(SERVER, network));
      }
    } else if (change.type().equals(Ports.PORT)) {
      if (change.isOf(Ports.MAC_ADDRESS)
          || change.isOf(Ports.FIXED_IPS)
          || change.isOf(DnsNames.OF_PORT)
          || change.isOf(Ports.PENDING)) {
        groups.accept(new Group(PORT, change.id()));
      }
      if (isSpecial(change.before()) || isSpecial(change.after())) {
        if (change.isOf(Ports.MAC_ADDRESS)
            || change.isOf(Ports.FIXED_IPS)
            || change.isOf(ExtraDhcpOption.OF_PORT)) {
          groups.accept(new Group(SERVER, known.get(Ports.NETWORK_ID)));
        }
      }
      if (isGateway(change.before()) || isGateway(change.after())) {
        groups.accept(
            new Group(SERVER, known.get(Ports.NETWORK_ID))); // not isolated any more, or again
      }
      boolean isOrWasDhcp = isDhcp(change.before()) || isDhcp(change.after());
      if (isOrWasDhcp && (change.isOf(Ports.DEVICE_OWNER) || change.isOf(Ports.DEVICE_ID))) {
        network(after, known.get(Ports.NETWORK_ID), groups);
      } else if (isDhcp(known)) {
        groups.accept(new Group(SERVER, known.get(Ports.NETWORK_ID)));
      }
    }
  }

  private static boolean isSpecial(@Nullable Resource port) {
    return port != null && !port.get(ExtraDhcpOption.OF_PORT).isEmpty();
  }

  private static boolean isGateway(@Nullable Resource port) {
    return port != null && port.get(Ports.DEVICE_OWNER).equals(DeviceOwner.ROUTER_INTERFACE);
  }

  private static boolean isDhcp(@Nullable Resource port) {
    return port != null && port.get(Ports.DEVICE_OWNER).equals(DeviceOwner.DHCP);
  }

  @Override
  public void affected(FactKey fact, View view, Consumer<Group> groups) {
    // nothing is read from the host
  }

  @Override
  public void plan(Group group, Planning in, Plan out) {
    UUID id = UUID.fromString(group.id());
    if (group.kind().equals(SERVER)) {
      in.view().find(Networks.NETWORK, id).ifPresent(network -> planServer(network, in, out));
    } else {
      in.view().find(Ports.PORT, id).ifPresent(port -> planPort(port, in, out));
    }
  }

  private void planServer(Resource network, Planning in, Plan out) {
    Optional<Resource> found = Dhcp.serverPort(in.view(), in.host(), network);
    if (found.isEmpty()) {
      return;
    }
    Resource port = found.get();
    String namespace = DeviceNames.dhcpNamespace(network.id());
    String device = DeviceNames.dhcp(port.id());
    out.add(new NamespaceItem(namespace, false));
    out.add(
        new DeviceItem(
            namespace,
            device,
            DeviceNames.outer(port.id()),
            new MacAddress(port.get(Ports.MAC_ADDRESS).value()),
            network.get(Networks.MTU),
            hasIpv6(port) ? Ipv6.PLANNED : Ipv6.OFF));
    for (FixedIp ip : port.get(Ports.FIXED_IPS)) {
      int length = in.view().get(Subnets.SUBNET, ip.subnet()).get(Subnets.CIDR).length();
      IpPrefix address = new IpPrefix(ip.ip().toInetAddress(), length);
      out.add(new AddressItem(namespace, device, address));
    }
    Set<UUID> present =
        port.get(Ports.FIXED_IPS).stream().map(FixedIp::subnet).collect(Collectors.toSet());
    List<Resource> subnets = List.copyOf(in.view().list(Subnets.NETWORK_ID, network.id()));
    List<Resource> served =
        subnets.stream()
            .filter(s -> Dhcp.isServed(s) && present.contains(s.id()) && isServable(s, out))
            .toList();
    if (!served.isEmpty()) {
      List<Resource> others = subnets.stream().filter(s -> !served.contains(s)).toList();
      Set<Resource> isolated =
          served.stream()
              .filter(subnet -> metadata.isFor(in.view(), subnet))
              .collect(Collectors.toSet());
      Map<Resource, List<String>> special = special(network, in, out);
      out.add(
          dnsmasq.program(
              network,
              servers(network, port, in),
              namespace,
              device,
              served,
              others,
              isolated,
              special,
              given(network, port, in)));
    }
  }

  /** What guests are given; the ports that come later ask for it first. */
  private List<HostEntryItem> given(Resource network, Resource server, Planning in) {
    return in.view().list(Ports.NETWORK_ID, network.id()).stream()
        .flatMap(port -> entries(port, server.id(), in).stream())
        .filter(entry -> entry.mac() != null)
        .toList();
  }

  private static boolean isServable(Resource subnet, Plan out) {
    boolean servable =
        subnet.get(Subnets.IP_VERSION) == 4 || subnet.get(Subnets.CIDR).length() >= 64;
    if (!servable) {
      out.leaveOut(
          "DHCPv6 of subnet " + subnet.id() + ": dnsmasq serves no prefix shorter than /64");
    }
    return servable;
  }

  private static boolean hasIpv6(Resource port) {
    return port.get(Ports.FIXED_IPS).stream().anyMatch(one -> one.ip().version() == 6);
  }

  private static List<Resource> servers(Resource network, Resource own, Planning in) {
    return Stream.concat(
            Stream.of(own),
            network.get(Dhcp.HOSTS).stream()
                .sorted()
                .flatMap(host -> Dhcp.serverPort(in.view(), host, network).stream()))
        .distinct()
        .toList();
  }

  /** The ports with options of their own; what dnsmasq cannot be told is left out. */
  private static Map<Resource, List<String>> special(Resource network, Planning in, Plan out) {
    Map<Resource, List<String>> special = new LinkedHashMap<>();
    for (Resource port : in.view().list(Ports.NETWORK_ID, network.id())) {
      List<String> lines = new ArrayList<>();
      for (ExtraDhcpOption option : port.get(ExtraDhcpOption.OF_PORT)) {
        PortOptions.line(option)
            .ifPresentOrElse(
                lines::add,
                () ->
                    out.leaveOut(
                        "DHCP option '"
                            + option.name()
                            + "' of port "
                            + port.id()
                            + ": dnsmasq does not know it, or not with such a value"));
      }
      if (!lines.isEmpty() && !Dhcp.servedAddresses(in.view(), port).isEmpty()) {
        special.put(port, List.copyOf(lines));
      }
    }
    return special;
  }

  /** A port that is not served, or whose network is down, has nothing to wait for. */
  private void planPort(Resource port, Planning in, Plan out) {
    Optional<Resource> network =
        in.view()
            .find(Networks.NETWORK, port.get(Ports.NETWORK_ID))
            .filter(n -> n.get(Dhcp.HOSTS).contains(in.host()));
    if (network.isEmpty()) {
      return;
    }
    boolean up = network.get().get(Networks.ADMIN_STATE_UP);
    Optional<Resource> server = Dhcp.serverPort(in.view(), in.host(), network.get());
    List<FixedIp> served = Dhcp.servedAddresses(in.view(), port);
    if (up && server.isEmpty() && !served.isEmpty()) {
      return;
    }
    if (server.isPresent()) {
      tell(port, server.get().id(), in, out);
    }
    if (port.get(Ports.PENDING).contains(Dhcp.PROVISIONING)) {
      out.report("port", Dhcp.PROVISIONING, port.id(), Map.of());
    }
  }

  private void tell(Resource port, UUID server, Planning in, Plan out) {
    for (HostEntryItem entry : entries(port, server, in)) {
      out.add(entry);
      if (!port.id().equals(server)) {
        // or answers would go to whoever had the address before
        out.add(
            new NeighbourItem(
                DeviceNames.dhcpNamespace(entry.network()),
                DeviceNames.dhcp(server),
                entry.address().toInetAddress(),
                new MacAddress(port.get(Ports.MAC_ADDRESS).value())));
      }
    }
  }

  /** Addresses of subnets without DHCP have no names, as with Neutron. */
  private List<HostEntryItem> entries(Resource port, UUID server, Planning in) {
    List<HostEntryItem> entries = new ArrayList<>();
    UUID network = port.get(Ports.NETWORK_ID);
    boolean isServer = port.id().equals(server);
    for (FixedIp ip : port.get(Ports.FIXED_IPS)) {
      Resource subnet = in.view().find(Subnets.SUBNET, ip.subnet()).orElse(null);
      if (subnet != null && subnet.get(Subnets.ENABLE_DHCP)) {
        boolean isGiven = !isServer && Dhcp.isServed(subnet) && !Subnets.isAutoAddress(subnet);
        String name = DnsNames.host(port.get(DnsNames.OF_PORT), ip.ip(), dnsmasq.domain());
        entries.add(
            new HostEntryItem(
                network, ip.ip(), name, isGiven ? port.get(Ports.MAC_ADDRESS) : null));
      }
    }
    return entries;
  }
}
