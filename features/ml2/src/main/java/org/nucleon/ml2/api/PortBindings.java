package org.nucleon.ml2.api;

import static org.nucleon.core.schema.Operation.CREATE;
import static org.nucleon.core.schema.Operation.UPDATE;

import java.util.Map;
import java.util.UUID;
import org.nucleon.core.schema.Attribute;
import org.nucleon.core.schema.Catalog;
import org.nucleon.core.schema.Extension;
import org.nucleon.core.schema.ResourceType;
import org.nucleon.core.schema.ResourceType.Visibility;
import org.nucleon.core.schema.Values;
import org.nucleon.network.api.Binding;
import org.nucleon.network.api.Ports;

/**
 * The bindings of a port to hosts, for moving a guest: the active one, which is what the port's own
 * attributes say and is not kept twice, and others, which prepare their hosts.
 */
public final class PortBindings {

  /** A binding of a port. */
  public static final ResourceType BINDING =
      ResourceType.below(Ports.PORT, "binding", "bindings", "A binding of a port to a host.")
          .keyedBy("host")
          .seenBy(Visibility.ADMIN)
          .called("PortBinding", "Binding");

  /** The active one. */
  public static final String ACTIVE = "ACTIVE";

  /** One that prepares its host, or is what a move left. */
  public static final String INACTIVE = "INACTIVE";

  /** The policy rule that says who may make a binding the active one. */
  public static final String ACTIVATE = "activate";

  private static final Extension EXTENSION =
      new Extension(
          "binding-extended",
          "Port Bindings Extended",
          "Bindings of a port to several hosts, one of them active.",
          "2017-07-17T10:00:00-00:00");

  /** The port. */
  public static final Attribute<UUID> PORT_ID =
      Attribute.of(BINDING, "port_id", Values.reference(Ports.PORT))
          .about("The port.")
          .filledByServer()
          .parent()
          .hidden();

  /** The host. */
  public static final Attribute<String> HOST =
      Attribute.of(BINDING, "host", Values.nonBlank(255))
          .about("The host; a port has one binding for each.")
          .setOn(CREATE)
          .required()
          .filter()
          .sort();

  /** How the port is presented to a virtual machine. */
  public static final Attribute<String> VNIC_TYPE =
      Attribute.of(BINDING, "vnic_type", Binding.VNIC_TYPE.type())
          .about("How the port is presented to a virtual machine.")
          .setOn(CREATE, UPDATE)
          .defaultsTo("normal")
          .filter()
          .sort();

  /** What the compute service passes to drivers. */
  public static final Attribute<Map<String, Object>> PROFILE =
      Attribute.of(BINDING, "profile", Binding.PROFILE.type())
          .about("What the compute service passes to drivers.")
          .setOn(CREATE, UPDATE)
          .defaultsTo(Map.of())
          .clearedByNull();

  /** How the port is plugged on the host. */
  public static final Attribute<String> VIF_TYPE =
      Attribute.of(BINDING, "vif_type", Values.text(64))
          .about("How the port is plugged on the host.")
          .defaultsTo(Binding.UNBOUND)
          .filter()
          .sort();

  /** What the plugging side must know. */
  public static final Attribute<Map<String, Object>> VIF_DETAILS =
      Attribute.of(BINDING, "vif_details", Values.object(65_535))
          .about("What the plugging side must know.")
          .defaultsTo(Map.of());

  /** {@link #ACTIVE} or {@link #INACTIVE}. */
  public static final Attribute<String> STATUS =
      Attribute.of(BINDING, "status", Values.oneOf(ACTIVE, INACTIVE))
          .about("ACTIVE for the one by which the port is served; a port has one.")
          .defaultsTo(INACTIVE)
          .filter()
          .sort();

  private PortBindings() {}

  static void declare(Catalog.Builder catalog) {
    catalog
        .extension(EXTENSION)
        .declare(BINDING, PORT_ID, HOST, VNIC_TYPE, PROFILE, VIF_TYPE, VIF_DETAILS, STATUS)
        .policy(ACTIVATE, "rule:admin_only");
  }
}
