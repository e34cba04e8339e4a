package org.nucleon.dhcp.api;

import static org.nucleon.core.schema.Operation.CREATE;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.nucleon.core.resource.Attributes;
import org.nucleon.core.resource.Resource;
import org.nucleon.core.resource.View;
import org.nucleon.core.schema.Attribute;
import org.nucleon.core.schema.Catalog;
import org.nucleon.core.schema.Extension;
import org.nucleon.core.schema.Values;
import org.nucleon.network.api.Agents;
import org.nucleon.network.api.DeviceOwner;
import org.nucleon.network.api.FixedIp;
import org.nucleon.network.api.Ipv6Mode;
import org.nucleon.network.api.Networks;
import org.nucleon.network.api.Ports;
import org.nucleon.network.api.Subnets;

/** DHCP: which hosts serve which networks, and what a port waits for because of it. */
public final class Dhcp {

  /**
   * What a port waits for: that the DHCP server of its network knows it. Also the kind of report.
   */
  public static final String PROVISIONING = "dhcp";

  /** The hosts whose DHCP server serves a network; empty for none yet. */
  public static final Attribute<List<String>> HOSTS =
      Attribute.of(Networks.NETWORK, "dhcp_hosts", Values.list(Values.text(255), 16, null))
          .about("The hosts whose DHCP server serves the network.")
          .defaultsTo(List.of())
          .reported()
          .hidden()
          .indexed();

  /** Whether an administrator took it from a host, and has not given it to one since. */
  public static final Attribute<Boolean> TAKEN_AWAY =
      Attribute.of(Networks.NETWORK, "dhcp_taken_away", Values.bool())
          .about("Whether no more hosts are chosen until an administrator gives it to one.")
          .defaultsTo(false)
          .reported()
          .hidden();

  /** The {@code device_id} of a server's port that waits for the next server of its network. */
  public static final String RESERVED = "reserved_dhcp_port";

  private static final Extension ZONES =
      new Extension(
          "network_availability_zone",
          "Network Availability Zone",
          "Availability zones of the agents that serve networks.",
          "2015-01-01T10:00:00-00:00");

  /** The zones whose agents are to serve a network; empty for any. */
  public static final Attribute<List<String>> ZONE_HINTS =
      Attribute.of(
              Networks.NETWORK, "availability_zone_hints", Values.list(Values.text(255), 64, null))
          .about("The availability zones whose agents are to serve it; empty for any.")
          .ignorable()
          .setOn(CREATE)
          .extension(ZONES)
          .defaultsTo(List.of())
          .clearedByNull()
          .sort();

  private static final Attribute<List<String>> AVAILABILITY_ZONES =
      Attribute.of(Networks.NETWORK, "availability_zones", Values.list(Values.text(255), 64, null))
          .about("The availability zones of the agents that serve it.")
          .extension(ZONES)
          .derived((view, network) ->
              network.get(HOSTS).stream()
                  .flatMap(host -> zone(view, host).stream())
                  .distinct()
                  .sorted()
                  .toList());

  /** Which agents serve which networks. */
  public static final Extension SCHEDULER =
      new Extension(
          "dhcp_agent_scheduler",
          "DHCP Agent Scheduler",
          "Schedule networks among dhcp agents",
          "2013-02-07T10:00:00-00:00");

  /** What OpenStack's tools call agents that serve DHCP. */
  public static final String AGENT_TYPE = "DHCP agent";

  /** RFC 4122, appendix C: the name space of domain names. */
  private static final UUID NAMESPACE_DNS = UUID.fromString("6ba7b810-9dad-11d1-80b4-00c04fd430c8");

  private Dhcp() {}

  static void declare(Catalog.Builder catalog) {
    catalog
        .extension(SCHEDULER)
        .extension(ZONES)
        .extend(Networks.NETWORK, HOSTS, TAKEN_AWAY, ZONE_HINTS, AVAILABILITY_ZONES);
  }

  /** The zone of a host's agent that serves DHCP. */
  public static Optional<String> zone(View view, String host) {
    return Agents.zone(view, host, AGENT_TYPE);
  }

  /** The {@code device_id} of the port of a network's DHCP server on a host. */
  public static String deviceId(String host, UUID network) {
    return "dhcp" + nameBased(NAMESPACE_DNS, host) + "-" + network;
  }

  /** A version 5 UUID, RFC 4122, 4.3. */
  private static UUID nameBased(UUID space, String name) {
    byte[] text = name.getBytes(StandardCharsets.UTF_8);
    ByteBuffer buffer =
        ByteBuffer.allocate(16 + text.length)
            .putLong(space.getMostSignificantBits())
            .putLong(space.getLeastSignificantBits())
            .put(text);
    try {
      ByteBuffer hash = ByteBuffer.wrap(MessageDigest.getInstance("SHA-1").digest(buffer.array()));
      long high = hash.getLong() & ~0xf000L | 0x5000L;
      long low = hash.getLong() & ~(0xc0L << 56) | 0x80L << 56;
      return new UUID(high, low);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e);
    }
  }

  /** Whether a DHCP server has something to say about a subnet. */
  public static boolean isServed(Attributes subnet) {
    return subnet.get(Subnets.ENABLE_DHCP)
        && subnet
            .find(Subnets.ADDRESS_MODE)
            .map(mode -> mode != Ipv6Mode.SLAAC)
            .orElseGet(() -> subnet.find(Subnets.RA_MODE).isEmpty());
  }

  /** The port of a network's DHCP server on a host, empty if the host does not serve it. */
  public static Optional<Resource> serverPort(View view, String host, Resource network) {
    boolean here = network.get(HOSTS).contains(host) && network.get(Networks.ADMIN_STATE_UP);
    return here
        ? view.list(Ports.DEVICE_ID, deviceId(host, network.id())).stream()
            .filter(port -> port.get(Ports.DEVICE_OWNER).equals(DeviceOwner.DHCP))
            .findFirst()
        : Optional.empty();
  }

  /** The subnets of a network that are served, in order of id. */
  public static List<Resource> servedSubnets(View view, UUID network) {
    return view.list(Subnets.NETWORK_ID, network).stream().filter(Dhcp::isServed).toList();
  }

  /** The addresses of a port that are served. */
  public static List<FixedIp> servedAddresses(View view, Attributes port) {
    return port.get(Ports.FIXED_IPS).stream()
        .filter(ip -> view.find(Subnets.SUBNET, ip.subnet()).filter(Dhcp::isServed).isPresent())
        .toList();
  }
}
