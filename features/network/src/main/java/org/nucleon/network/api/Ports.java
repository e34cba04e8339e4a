package org.nucleon.network.api;

import static org.nucleon.core.schema.Operation.CREATE;
import static org.nucleon.core.schema.Operation.UPDATE;

import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import org.nucleon.core.net.MacAddress;
import org.nucleon.core.resource.Draft;
import org.nucleon.core.schema.Access;
import org.nucleon.core.schema.Attribute;
import org.nucleon.core.schema.Catalog;
import org.nucleon.core.schema.Extension;
import org.nucleon.core.schema.ResourceType;
import org.nucleon.core.schema.Standard;
import org.nucleon.core.schema.Values;
import org.nucleon.core.state.Claim;

/** Ports: the connection points of devices to networks. */
public final class Ports {

  /** What every port waits for: that the switch of its host has confirmed its flows. */
  public static final String SWITCH = "switch";

  /** A port. */
  public static final ResourceType PORT =
      ResourceType.of("port", "ports", "A connection point of one device to one network.");

  private static final Extension DATA_PLANE =
      new Extension(
          "data-plane-status",
          "Status of underlying data plane",
          "What an outside view of the data plane says of a port.",
          "2017-01-06T10:00:00-00:00");

  private static final Extension[] EXTENSIONS = {
    DATA_PLANE,
    new Extension(
        "port-mac-address-regenerate",
        "Neutron Port MAC address regenerate",
        "A port gets another MAC address if it is set to null.",
        "2018-05-03T10:00:00-00:00"),
    new Extension(
        "ip-substring-filtering",
        "IP address substring filtering",
        "Lists ports by a part of their addresses.",
        "2017-11-28T09:00:00-00:00"),
  };

  private static final Access PARENT_OWNER_OR_SHARED =
      Access.of(Access.PARENT_OWNER.rule() + " or rule:shared");

  /** The network it connects to. */
  public static final Attribute<UUID> NETWORK_ID =
      Attribute.of(PORT, "network_id", Values.reference(Networks.NETWORK))
          .about("The network that it connects to.")
          .setOn(CREATE)
          .parent()
          .required()
          .filter()
          .sort();

  /** For people. */
  public static final Attribute<String> NAME = Standard.name(PORT);

  /** For people. */
  public static final Attribute<String> DESCRIPTION = Standard.description(PORT);

  /** Whether frames are to pass. */
  public static final Attribute<Boolean> ADMIN_STATE_UP = Standard.adminStateUp(PORT);

  /** Unique in its network. */
  public static final Attribute<MacAddress> MAC_ADDRESS =
      Attribute.of(PORT, "mac_address", Values.mac())
          .about("The MAC address, unique in the network; chosen by the server, anew for null.")
          .setOn(CREATE, UPDATE)
          .writtenBy(Access.PARENT_OWNER)
          .changedBy(Access.of("rule:context_is_admin or rule:context_is_advsvc"))
          .clearedByNull()
          .filledByServer()
          .filter()
          .sort();

  /** Its addresses. */
  public static final Attribute<List<FixedIp>> FIXED_IPS =
      Attribute.of(PORT, "fixed_ips", FixedIp.LIST)
          .about("Its addresses; by default one of the network's IPv4 subnets.")
          .setOn(CREATE, UPDATE)
          .writtenBy(PARENT_OWNER_OR_SHARED)
          .changedBy(Access.PARENT_OWNER)
          .memberWrittenBy("ip_address", Access.PARENT_OWNER)
          .memberWrittenBy("subnet_id", PARENT_OWNER_OR_SHARED)
          .filledByServer()
          .filter();

  /** What the port belongs to: an instance, a router. */
  public static final Attribute<String> DEVICE_ID =
      Attribute.of(PORT, "device_id", Values.text(255))
          .about("The device that uses the port.")
          .setOn(CREATE, UPDATE)
          .defaultsTo("")
          .indexed()
          .filter()
          .sort();

  /** What kind of device: {@code compute:nova}, or one of {@link DeviceOwner}. */
  public static final Attribute<String> DEVICE_OWNER =
      Attribute.of(PORT, "device_owner", Values.text(255))
          .about("The kind of device; 'network:' and what follows only for network owners.")
          .setOn(CREATE, UPDATE)
          .writtenBy(
              Access.of(
                  "not rule:network_device or rule:context_is_advsvc or"
                      + " rule:admin_or_network_owner"))
          .defaultsTo("")
          .filter()
          .sort();

  /** Whether the data plane serves it, as its host reports. */
  public static final Attribute<String> STATUS =
      Attribute.of(PORT, "status", Values.oneOf("ACTIVE", "DOWN", "BUILD", "ERROR", "N/A"))
          .about("ACTIVE when the host's data plane serves it, otherwise DOWN.")
          .defaultsTo("DOWN")
          .reported()
          .filter()
          .sort();

  /** What an outside view of the data plane says; null for nothing. */
  public static final Attribute<String> DATA_PLANE_STATUS =
      Attribute.of(PORT, "data_plane_status", Values.oneOf("ACTIVE", "DOWN"))
          .about("What an outside view of the data plane says: ACTIVE, DOWN or null.")
          .ignorable()
          .setOn(UPDATE)
          .writtenBy(Access.of("rule:admin_or_data_plane_int"))
          .extension(DATA_PLANE)
          .nullable();

  /** What the port still waits for before it is ACTIVE; each is struck out by a host's report. */
  public static final Attribute<List<String>> PENDING =
      Attribute.of(PORT, "pending", Values.list(Values.text(32), 16, null))
          .about("What the port still waits for before it is ACTIVE.")
          .defaultsTo(List.of(SWITCH))
          .reported()
          .hidden();

  private Ports() {}

  /** Adds something that the port waits for. */
  public static void await(Draft port, String what) {
    List<String> pending = new ArrayList<>(port.get(PENDING));
    if (!pending.contains(what)) {
      pending.add(what);
    }
    port.set(PENDING, List.copyOf(pending));
    if (port.get(STATUS).equals("ACTIVE")) {
      port.set(STATUS, "DOWN");
    }
  }

  /** Strikes out what is there now; a port that waits for nothing more is ACTIVE. */
  public static void provide(Draft port, String what) {
    List<String> pending = new ArrayList<>(port.get(PENDING));
    pending.remove(what);
    port.set(PENDING, List.copyOf(pending));
    if (pending.isEmpty() && port.get(ADMIN_STATE_UP)) {
      port.set(STATUS, "ACTIVE");
    }
  }

  /** The right to a MAC address in a network. */
  public static Claim mac(UUID network, MacAddress mac) {
    return new Claim("mac", network.toString(), mac.toString());
  }

  static void declare(Catalog.Builder catalog) {
    for (Extension extension : EXTENSIONS) {
      catalog.extension(extension);
    }
    catalog.policy(
        "admin_or_data_plane_int", "rule:context_is_admin or role:data_plane_integrator");
    catalog.declare(
        PORT,
        NETWORK_ID,
        NAME,
        DESCRIPTION,
        ADMIN_STATE_UP,
        MAC_ADDRESS,
        FIXED_IPS,
        DEVICE_ID,
        DEVICE_OWNER,
        STATUS,
        DATA_PLANE_STATUS,
        PENDING);
  }
}
