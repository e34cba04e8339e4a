package org.nucleon.router.agent;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.nucleon.agent.device.ProgramItem;
import org.nucleon.core.net.IpAddress;
import org.nucleon.core.resource.Resource;
import org.nucleon.network.api.Ipv6Mode;
import org.nucleon.network.api.Subnets;

/**
 * How a router advertises itself to IPv6 guests (RFC 4861), see radvd(8) and radvd.conf(5). All
 * that users choose comes as typed values, so that no text of theirs can become an option.
 *
 * @param folders where the folders of programs are
 */
record Radvd(Path folders) {
  private static final String CONFIGURATION = "radvd.conf";
  private static final String READY = "ready";

  /**
   * A device that it advertises on.
   *
   * @param device its name
   * @param mtu in bytes
   * @param subnets the IPv6 subnets that the router has an address in there
   */
  record Interface(String device, int mtu, List<Resource> subnets) {}

  /** The program of a router; empty if it has nothing to advertise. */
  Optional<ProgramItem> program(UUID router, String namespace, Collection<Interface> interfaces) {
    if (interfaces.isEmpty()) {
      return Optional.empty();
    }
    Path folder = folders.resolve("radvd-" + router);
    StringBuilder text = new StringBuilder();
    interfaces.stream()
        .sorted(Comparator.comparing(Interface::device))
        .forEach(one -> write(one, text));
    return Optional.of(
        new ProgramItem(
            folder,
            namespace,
            null,
            List.of(
                "radvd",
                "--nodaemon",
                "--logmethod=stderr_clean",
                "--config=" + folder.resolve(CONFIGURATION),
                "--pidfile=" + folder.resolve(READY)),
            READY,
            Map.of(),
            Map.of(CONFIGURATION, text.toString())));
  }

  private static void write(Interface one, StringBuilder text) {
    List<String> lines = new ArrayList<>();
    lines.add("AdvSendAdvert on;");
    lines.add("MinRtrAdvInterval 30;");
    lines.add("MaxRtrAdvInterval 100;");
    lines.add("AdvLinkMTU " + one.mtu() + ";");
    lines.add("AdvManagedFlag " + onOff(any(one, Ipv6Mode.DHCPV6_STATEFUL)) + ";");
    lines.add("AdvOtherConfigFlag " + onOff(any(one, Ipv6Mode.DHCPV6_STATELESS)) + ";");
    Set<IpAddress> servers = new LinkedHashSet<>();
    for (Resource subnet : one.subnets()) {
      @Nullable Ipv6Mode mode = subnet.value(Subnets.RA_MODE);
      if (mode == null) {
        continue;
      }
      boolean autonomous = mode != Ipv6Mode.DHCPV6_STATEFUL;
      lines.add("prefix " + subnet.get(Subnets.CIDR) + " {");
      lines.add("  AdvOnLink on;");
      lines.add("  AdvAutonomous " + onOff(autonomous) + ";");
      lines.add("};");
      if (mode == Ipv6Mode.SLAAC) {
        servers.addAll(subnet.get(Subnets.DNS_NAMESERVERS));
      }
    }
    // RFC 8106; radvd takes three in one option, and as many options as one writes.
    servers.forEach(server -> lines.add("RDNSS " + server + " {};"));
    text.append("interface ").append(one.device()).append(" {\n");
    lines.forEach(line -> text.append("  ").append(line).append('\n'));
    text.append("};\n");
  }

  private static boolean any(Interface one, Ipv6Mode mode) {
    return one.subnets().stream()
        .anyMatch(subnet -> subnet.find(Subnets.RA_MODE).filter(mode::equals).isPresent());
  }

  private static String onOff(boolean on) {
    return on ? "on" : "off";
  }
}
