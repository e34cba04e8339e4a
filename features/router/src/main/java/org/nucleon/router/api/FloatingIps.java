package org.nucleon.router.api;

import static org.nucleon.core.schema.Operation.CREATE;
import static org.nucleon.core.schema.Operation.UPDATE;

import java.util.UUID;
import org.nucleon.core.net.IpAddress;
import org.nucleon.core.schema.Access;
import org.nucleon.core.schema.Attribute;
import org.nucleon.core.schema.Catalog;
import org.nucleon.core.schema.ResourceType;
import org.nucleon.core.schema.Standard;
import org.nucleon.core.schema.Values;
import org.nucleon.core.state.Claim;
import org.nucleon.network.api.Networks;
import org.nucleon.network.api.Ports;

/** Floating IPs: addresses of external networks that lead to ports of tenant networks. */
public final class FloatingIps {

  /** A floating IP. */
  public static final ResourceType FLOATING_IP =
      ResourceType.of(
          "floatingip", "floatingips", "An external address that leads to a tenant's port.");

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

  /** A fixed address has one floating IP of an external network. */
  public static Claim association(UUID port, IpAddress fixed, UUID network) {
    return new Claim("floatingip", network.toString(), port + " " + fixed.sortableText());
  }

  static void declare(Catalog.Builder catalog) {
    catalog.declare(
        FLOATING_IP,
        NETWORK_ID,
        ADDRESS,
        PORT_ID,
        FIXED_ADDRESS,
        ROUTER_ID,
        STATUS,
        DESCRIPTION,
        HOLDER_ID);
  }
}
