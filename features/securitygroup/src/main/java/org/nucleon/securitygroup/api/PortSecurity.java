package org.nucleon.securitygroup.api;

import static org.nucleon.core.schema.Operation.CREATE;
import static org.nucleon.core.schema.Operation.UPDATE;

import java.util.List;
import org.nucleon.core.schema.Access;
import org.nucleon.core.schema.Attribute;
import org.nucleon.core.schema.Catalog;
import org.nucleon.core.schema.Extension;
import org.nucleon.core.schema.Values;
import org.nucleon.network.api.Networks;
import org.nucleon.network.api.Ports;

/**
 * Port security: anti-spoofing and security groups, on unless switched off; and exceptions to it.
 */
public final class PortSecurity {

  /** Port security. */
  public static final Extension PORT_SECURITY =
      new Extension(
          "port-security", "Port Security", "Provides port security", "2012-07-23T10:00:00-00:00");

  /** Address pairs. */
  public static final Extension ALLOWED_ADDRESS_PAIRS =
      new Extension(
          "allowed-address-pairs",
          "Allowed Address Pairs",
          "Provides allowed address pairs",
          "2013-07-23T10:00:00-00:00");

  /** The default for new ports of a network. */
  public static final Attribute<Boolean> ON_NETWORK =
      Attribute.of(Networks.NETWORK, "port_security_enabled", Values.bool())
          .about("Whether new ports have port security.")
          .setOn(CREATE, UPDATE)
          .extension(PORT_SECURITY)
          .defaultsTo(true)
          .filter();

  /** Whether a port has anti-spoofing and security groups. */
  public static final Attribute<Boolean> ENABLED =
      Attribute.of(Ports.PORT, "port_security_enabled", Values.bool())
          .about("Whether it has anti-spoofing and security groups; by default as its network.")
          .setOn(CREATE, UPDATE)
          .writtenBy(Access.PARENT_OWNER)
          .extension(PORT_SECURITY)
          .filledByServer()
          .absent(true)
          .filter();

  /** What a port may use beside its own addresses. */
  public static final Attribute<List<AddressPair>> ADDRESS_PAIRS =
      Attribute.of(Ports.PORT, "allowed_address_pairs", Values.sequence(AddressPair.TYPE, 1_000))
          .about("Addresses that it may use beside its own.")
          .setOn(CREATE, UPDATE)
          .writtenBy(Access.PARENT_OWNER)
          .extension(ALLOWED_ADDRESS_PAIRS)
          .defaultsTo(List.of())
          .clearedByNull();

  private PortSecurity() {}

  static void declare(Catalog.Builder catalog) {
    catalog
        .extension(PORT_SECURITY)
        .extension(ALLOWED_ADDRESS_PAIRS)
        .extend(Networks.NETWORK, ON_NETWORK)
        .extend(Ports.PORT, ENABLED, ADDRESS_PAIRS);
  }
}
