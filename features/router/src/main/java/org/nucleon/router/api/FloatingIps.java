package org.nucleon.router.api;

import static org.nucleon.core.schema.Operation.CREATE;
import static org.nucleon.core.schema.Operation.UPDATE;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.nucleon.core.net.IpAddress;
import org.nucleon.core.resource.Resource;
import org.nucleon.core.schema.Access;
import org.nucleon.core.schema.Attribute;
import org.nucleon.core.schema.Catalog;
import org.nucleon.core.schema.Extension;
import org.nucleon.core.schema.ResourceType;
import org.nucleon.core.schema.Standard;
import org.nucleon.core.schema.Values;
import org.nucleon.core.state.Claim;
import org.nucleon.network.api.Networks;
import org.nucleon.network.api.Ports;
import org.nucleon.network.api.Subnets;

/** Floating IPs: addresses of external networks that lead to ports of tenant networks. */
public final class FloatingIps {

  /** A floating IP. */
  public static final ResourceType FLOATING_IP =
      ResourceType.of(
          "floatingip", "floatingips", "An external address that leads to a tenant's port.");

  /** What is known of the port. */
  public static final Extension PORT_DETAILS_EXTENSION =
      new Extension(
          "fip-port-details",
          "Floating IP Port Details Extension",
          "Add port_details attribute to Floating IP resource",
          "2018-04-09T10:00:00-00:00");

  /** The subnets that addresses are of. */
  public static final Extension POOLS =
      new Extension(
          "floatingip-pools",
          "Floating IP Pools Extension",
          "Provides a floating IP pools API.",
          "2018-03-21T10:00:00-00:00");

  /** The external network that the address is of. */
  public static final Attribute<UUID> NETWORK_ID =
      Attribute.of(FLOATING_IP, "floating_network_id", Values.reference(Networks.NETWORK))
          .about("The external network that the address is of.")
          .setOn(CREATE)
          .required()
          .filter()
          .sort();

  /** The external address. */
  public static final Attribute<IpAddress> ADDRESS =
      Attribute.of(FLOATING_IP, "floating_ip_address", Values.ip())
          .about("The external address; chosen by the server unless given.")
          .setOn(CREATE)
          .writtenBy(Access.ADMIN)
          .filledByServer()
          .nullable()
          .filter()
          .sort();

  /** Which of the network's subnets the address is to be of; null for any. */
  public static final Attribute<UUID> SUBNET_ID =
      Attribute.of(FLOATING_IP, "subnet_id", Values.reference(Subnets.SUBNET))
          .about("Which of the network's subnets the address is to be of.")
          .setOn(CREATE)
          .nullable()
          .requestOnly();

  /** The port that it leads to; null for none. */
  public static final Attribute<UUID> PORT_ID =
      Attribute.of(FLOATING_IP, "port_id", Values.reference(Ports.PORT))
          .about("The port that it leads to.")
          .setOn(CREATE, UPDATE)
          .nullable()
          .filter();

  /** The port's address that it leads to. */
  public static final Attribute<IpAddress> FIXED_ADDRESS =
      Attribute.of(FLOATING_IP, "fixed_ip_address", Values.ip())
          .about("The port's address that it leads to, if the port has several.")
          .setOn(CREATE, UPDATE)
          .nullable()
          .filter()
          .sort();

  /** What is known of the port; null for no port. */
  public static final Attribute<Map<String, Object>> PORT_DETAILS =
      Attribute.of(FLOATING_IP, "port_details", Values.object(4_096))
          .about("What is known of the port that it leads to.")
          .extension(PORT_DETAILS_EXTENSION)
          .nullable()
          .derived((view, floating) ->
              floating
                  .find(PORT_ID)
                  .flatMap(port -> view.find(Ports.PORT, port))
                  .map(FloatingIps::details)
                  .orElse(null));

  /** The router that translates. */
  public static final Attribute<UUID> ROUTER_ID =
      Attribute.of(FLOATING_IP, "router_id", Values.reference(Routers.ROUTER))
          .about("The router that translates the address.")
          .nullable()
          .filter()
          .sort();

  /** ACTIVE once the router's host translates the address, DOWN otherwise. */
  public static final Attribute<String> STATUS =
      Attribute.of(FLOATING_IP, "status", Values.oneOf("ACTIVE", "DOWN", "ERROR"))
          .about("ACTIVE once the router's host translates the address, otherwise DOWN.")
          .defaultsTo("DOWN")
          .reported()
          .filter()
          .sort();

  /** For people. */
  public static final Attribute<String> DESCRIPTION = Standard.description(FLOATING_IP);

  /** The port that holds the external address. */
  public static final Attribute<UUID> HOLDER_ID =
      Attribute.of(FLOATING_IP, "floating_port_id", Values.reference(Ports.PORT))
          .about("The port that holds the external address.")
          .filledByServer()
          .hidden();

  private FloatingIps() {}

  private static Map<String, Object> details(Resource port) {
    Map<String, Object> details = new LinkedHashMap<>();
    List.of(
            Ports.NAME,
            Ports.NETWORK_ID,
            Ports.MAC_ADDRESS,
            Ports.ADMIN_STATE_UP,
            Ports.STATUS,
            Ports.DEVICE_ID,
            Ports.DEVICE_OWNER)
        .forEach(attribute -> details.put(attribute.name(), rendered(port, attribute)));
    return details;
  }

  private static <T> Object rendered(Resource port, Attribute<T> attribute) {
    return attribute.type().render(port.get(attribute));
  }

  /** A fixed address has one floating IP of an external network. */
  public static Claim association(UUID port, IpAddress fixed, UUID network) {
    return new Claim("floatingip", network.toString(), port + " " + fixed.sortableText());
  }

  static void declare(Catalog.Builder catalog) {
    catalog
        .extension(PORT_DETAILS_EXTENSION)
        .extension(POOLS)
        .declare(
            FLOATING_IP,
            NETWORK_ID,
            ADDRESS,
            SUBNET_ID,
            PORT_ID,
            FIXED_ADDRESS,
            PORT_DETAILS,
            ROUTER_ID,
            STATUS,
            DESCRIPTION,
            HOLDER_ID);
  }
}
