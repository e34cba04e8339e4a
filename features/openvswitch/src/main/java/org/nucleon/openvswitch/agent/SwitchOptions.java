package org.nucleon.openvswitch.agent;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.nucleon.core.feature.Configuration;
import org.nucleon.core.feature.Option;
import org.nucleon.core.net.IpAddress;
import org.nucleon.openvswitch.api.FirewallDriver;

/** The operator's options for this host's switch, under Neutron's names. */
final class SwitchOptions {

  private static final System.Logger LOG = System.getLogger(SwitchOptions.class.getName());
  private static final Path KERNEL_MODULE = Path.of("/sys/module/openvswitch");

  private static final Option<String> INTEGRATION_BRIDGE =
      Option.text("ovs", "integration_bridge", "br-int", "The bridge that ports are plugged into");
  private static final Option<String> TUNNEL_BRIDGE =
      Option.text("ovs", "tunnel_bridge", "br-tun", "The bridge of tunnels");
  private static final Option<Map<String, String>> BRIDGE_MAPPINGS =
      Option.map(
          "ovs",
          "bridge_mappings",
          "",
          "The bridge of each physical network, as physical_network:bridge");
  private static final Option<@Nullable IpAddress> LOCAL_IP =
      Option.parsed(
          "ovs",
          "local_ip",
          "",
          "IP address",
          "The address of this host's tunnel end",
          text -> text.isBlank() ? null : IpAddress.parse(text.strip()));
  private static final Option<String> DATAPATH_TYPE =
      Option.text(
          "ovs",
          "datapath_type",
          "system",
          "system for the kernel's datapath, netdev for OVS's own");
  private static final Option<Path> OVSDB_CONNECTION =
      Option.parsed(
          "ovs",
          "ovsdb_connection",
          "unix:/run/openvswitch/db.sock",
          "unix:PATH",
          "The socket of Open vSwitch's database, as unix:PATH",
          SwitchOptions::socket);
  private static final Option<List<String>> TUNNEL_TYPES =
      Option.list(
          "agent",
          "tunnel_types",
          "vxlan",
          "Types of overlay (vxlan, gre, geneve), used when local_ip is set");
  private static final Option<FirewallDriver> FIREWALL_DRIVER =
      Option.parsed(
          "securitygroup",
          "firewall_driver",
          FirewallDriver.OPENVSWITCH.toString(),
          "openvswitch, iptables_hybrid or noop",
          "What filters guests' packets; names of Neutron's classes are understood too",
          FirewallDriver::parse);

  /** All of them. */
  static final List<Option<?>> ALL =
      List.of(
          INTEGRATION_BRIDGE,
          TUNNEL_BRIDGE,
          BRIDGE_MAPPINGS,
          LOCAL_IP,
          DATAPATH_TYPE,
          OVSDB_CONNECTION,
          TUNNEL_TYPES,
          FIREWALL_DRIVER);

  private SwitchOptions() {}

  /** The database's socket; bridges' management sockets lie beside it. */
  static Path database(Configuration configuration) {
    return configuration.get(OVSDB_CONNECTION);
  }

  /** Reads the options; a datapath that the kernel does not have is replaced, with a word. */
  static SwitchSettings settings(Configuration configuration) {
    IpAddress local = configuration.get(LOCAL_IP);
    List<String> types = configuration.get(TUNNEL_TYPES);
    for (String type : types) {
      if (TunnelType.of(type).isEmpty()) {
        throw new IllegalArgumentException(
            TUNNEL_TYPES + ": vxlan, gre or geneve expected, not " + type);
      }
    }
    return new SwitchSettings(
        configuration.get(INTEGRATION_BRIDGE),
        configuration.get(TUNNEL_BRIDGE),
        configuration.get(BRIDGE_MAPPINGS),
        local,
        local == null ? Set.of() : Set.copyOf(types),
        datapathType(configuration.get(DATAPATH_TYPE)),
        configuration.get(FIREWALL_DRIVER));
  }

  private static String datapathType(String wanted) {
    return switch (wanted) {
      case "netdev" -> wanted;
      case "system" -> {
        if (Files.exists(KERNEL_MODULE)) {
          yield wanted;
        }
        LOG.log(
            System.Logger.Level.WARNING,
            "The kernel module openvswitch is not loaded: bridges get the userspace datapath"
                + " (datapath_type netdev)");
        yield "netdev";
      }
      default -> throw new IllegalArgumentException(DATAPATH_TYPE + ": system or netdev expected");
    };
  }

  private static Path socket(String text) {
    if (!text.startsWith("unix:")) {
      throw new IllegalArgumentException("unix:PATH expected");
    }
    return Path.of(text.substring("unix:".length()));
  }
}
