package org.nucleon.dhcp.agent;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.nucleon.agent.device.InitialFiles;
import org.nucleon.agent.device.ProgramItem;
import org.nucleon.core.net.IpAddress;
import org.nucleon.core.net.IpPrefix;
import org.nucleon.core.resource.Resource;
import org.nucleon.dhcp.api.IsolatedMetadata;
import org.nucleon.network.api.FixedIp;
import org.nucleon.network.api.HostRoute;
import org.nucleon.network.api.Networks;
import org.nucleon.network.api.Ports;
import org.nucleon.network.api.Subnets;

/**
 * How a network's DHCP server is run, see dnsmasq(8). All that users choose comes as typed values,
 * so that no text of theirs can become an option.
 *
 * @param folders where the folders of programs are
 * @param lease seconds that leases hold; negative for ever
 * @param domain that guests are told
 * @param forwarders name servers that know what it does not; none if it is to know nothing more
 */
record Dnsmasq(Path folders, int lease, String domain, List<IpAddress> forwarders) {
  /** The file of host entries, which {@link HostEntryApplier} writes. */
  static final String HOSTS = "hosts";

  /** The file of addresses' names, which {@link HostEntryApplier} writes. */
  static final String NAMES = "names";

  /** The file in which dnsmasq keeps its leases. */
  static final String LEASES = "leases";

  private static final String PREFIX = "dnsmasq-";
  private static final String OPTIONS = "options";

  /**
   * The file that tells ports with options of their own apart, by MAC address: host entries with
   * tags would, but dnsmasq 2.90 dies of a SIGHUP if they have some.
   */
  private static final String TAGS = "tags";

  /** A subnet's way to say that its guests are to be told of none. */
  private static final List<IpAddress> NO_NAME_SERVER = List.of(IpAddress.parse("0.0.0.0"));

  private static final List<IpAddress> NO_NAME_SERVER_6 = List.of(IpAddress.parse("::"));

  private static final String READY = "ready";

  /** The folder of a network's server. */
  static Path folder(Path folders, UUID network) {
    return folders.resolve(PREFIX + network);
  }

  /** The network whose server has the folder; empty if it is another program's. */
  static Optional<UUID> network(Path folder) {
    String name = folder.getFileName().toString();
    return name.startsWith(PREFIX)
        ? Optional.of(UUID.fromString(name.substring(PREFIX.length())))
        : Optional.empty();
  }

  /**
   * The server of a network.
   *
   * @param servers the ports of the network's servers, this one's own first
   * @param served the subnets that it has an address in and serves
   * @param others all other subnets of the network
   * @param metadata the subnets whose guests are sent to the server's own address for metadata
   * @param special the ports with options of their own, each with its options in dnsmasq's words
   * @param given what guests may have been given by another host: a server that does not know of a
   *     lease refuses to renew it, and its holder is without an address until it has asked anew
   */
  ProgramItem program(
      Resource network,
      List<Resource> servers,
      String namespace,
      String device,
      List<Resource> served,
      List<Resource> others,
      Set<Resource> metadata,
      Map<Resource, List<String>> special,
      List<HostEntryItem> given) {
    Path folder = folder(folders, network.id());
    List<String> command =
        new ArrayList<>(
            List.of(
                "dnsmasq",
                "--keep-in-foreground",
                "--log-facility=-",
                "--quiet-dhcp",
                "--user=root",
                "--conf-file=" + (special.isEmpty() ? "/dev/null" : folder.resolve(TAGS)),
                "--no-hosts",
                "--no-resolv",
                "--bind-interfaces",
                "--interface=" + device,
                "--except-interface=lo",
                "--pid-file=" + folder.resolve(READY),
                "--dhcp-leasefile=" + folder.resolve(LEASES),
                "--dhcp-hostsfile=" + folder.resolve(HOSTS),
                "--addn-hosts=" + folder.resolve(NAMES),
                "--dhcp-optsfile=" + folder.resolve(OPTIONS),
                "--dhcp-lease-max=16777216",
                "--dhcp-option-force=option:mtu," + network.get(Networks.MTU),
                "--domain=" + domain));
    forwarders.forEach(server -> command.add("--server=" + server));
    StringBuilder options = new StringBuilder();
    for (Resource subnet : served) {
      IpPrefix cidr = subnet.get(Subnets.CIDR);
      command.add(
          "--dhcp-range=set:"
              + tag(subnet)
              + ","
              + cidr.address()
              + ",static,"
              + (cidr.version() == 4 ? mask(cidr.length()) : cidr.length())
              + ","
              + (lease < 0 ? "infinite" : lease + "s"));
      List<Resource> neighbours = new ArrayList<>(served);
      neighbours.addAll(others);
      neighbours.removeIf(one -> one.equals(subnet) || one.get(Subnets.IP_VERSION) != 4);
      List<String> lines =
          cidr.version() == 4
              ? options(subnet, servers, neighbours, metadata.contains(subnet))
              : List.of(
                  option(
                      "option6:dns-server",
                      nameServers(subnet, servers).stream().map(a -> "[" + a + "]").toList()),
                  "option6:domain-search," + domain);
      lines.forEach(option -> options.append("tag:" + tag(subnet) + "," + option + "\n"));
    }
    StringBuilder tags = new StringBuilder();
    special.forEach((guest, lines) -> {
      String tag = "port-" + guest.id();
      tags.append("dhcp-mac=set:" + tag + "," + guest.get(Ports.MAC_ADDRESS) + "\n");
      lines.forEach(line -> options.append("tag:" + tag + "," + line + "\n"));
    });
    return new ProgramItem(
        folder,
        namespace,
        device,
        command,
        READY,
        special.isEmpty() ? Map.of() : Map.of(TAGS, tags.toString()),
        Map.of(OPTIONS, options.toString()),
        new InitialFiles(Map.of(LEASES, leases(given))));
  }

  /** Clients of DHCPv6 have names that we do not know. */
  private static String leases(List<HostEntryItem> given) {
    return given.stream()
        .filter(entry -> entry.address().version() == 4)
        .map(entry -> entry.leaseLine() + "\n")
        .collect(Collectors.joining());
  }

  private static String tag(Resource subnet) {
    return "subnet-" + subnet.id();
  }

  private static IpAddress mask(int length) {
    return new IpAddress(4, 0, 0xffff_ffffL << (32 - length) & 0xffff_ffffL);
  }

  /** Those of the subnet, as they are given, or else the servers themselves. */
  private static List<IpAddress> nameServers(Resource subnet, List<Resource> servers) {
    List<IpAddress> given = subnet.get(Subnets.DNS_NAMESERVERS);
    if (given.isEmpty()) {
      return servers.stream().flatMap(server -> addresses(server, subnet)).toList();
    }
    return given.equals(NO_NAME_SERVER) || given.equals(NO_NAME_SERVER_6) ? List.of() : given;
  }

  /** RFC 2132 and 3442: whoever heeds classless routes ignores the router option. */
  private static List<String> options(
      Resource subnet, List<Resource> servers, List<Resource> neighbours, boolean metadata) {
    List<String> options = new ArrayList<>();
    List<IpAddress> own = addresses(servers.getFirst(), subnet).toList();
    options.add(option("option:dns-server", nameServers(subnet, servers)));
    Optional<IpAddress> gateway = subnet.find(Subnets.GATEWAY_IP);
    Optional<IpAddress> router = gateway.or(() -> defaultHop(subnet));
    options.add(option("option:router", router.stream().toList()));
    List<Object> routes = new ArrayList<>();
    for (HostRoute route : subnet.get(Subnets.HOST_ROUTES)) {
      routes.add(route.destination());
      routes.add(route.nexthop());
    }
    if (metadata && !own.isEmpty()) {
      routes.add(IsolatedMetadata.DESTINATION);
      routes.add(own.getFirst());
    }
    for (Resource neighbour : neighbours) {
      routes.add(neighbour.get(Subnets.CIDR));
      routes.add("0.0.0.0");
    }
    if (!routes.isEmpty()) {
      boolean hasDefault =
          subnet.get(Subnets.HOST_ROUTES).stream().anyMatch(r -> r.destination().length() == 0);
      if (gateway.isPresent() && !hasDefault) {
        routes.add("0.0.0.0/0");
        routes.add(gateway.get());
      }
      options.add("option:classless-static-route," + joined(routes));
      options.add("249," + joined(routes));
    }
    return options;
  }

  private static Stream<IpAddress> addresses(Resource port, Resource subnet) {
    return port.get(Ports.FIXED_IPS).stream()
        .filter(ip -> ip.subnet().equals(subnet.id()))
        .map(FixedIp::ip);
  }

  private static Optional<IpAddress> defaultHop(Resource subnet) {
    return subnet.get(Subnets.HOST_ROUTES).stream()
        .filter(route -> route.destination().length() == 0)
        .map(HostRoute::nexthop)
        .findFirst();
  }

  /** Without a value, dnsmasq is kept from saying what it would by default. */
  private static String option(String name, List<?> values) {
    return values.isEmpty() ? name : name + "," + joined(values);
  }

  private static String joined(List<?> values) {
    return String.join(",", values.stream().map(Object::toString).toList());
  }
}
