package org.nucleon.network.api;

import static org.nucleon.core.schema.Operation.CREATE;
import static org.nucleon.core.schema.Operation.UPDATE;

import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.nucleon.core.resource.Attributes;
import org.nucleon.core.resource.Draft;
import org.nucleon.core.resource.Resource;
import org.nucleon.core.resource.View;
import org.nucleon.core.schema.Access;
import org.nucleon.core.schema.Attribute;
import org.nucleon.core.schema.Catalog;
import org.nucleon.core.schema.Extension;
import org.nucleon.core.schema.Values;

/** The binding of a port to a host: what Nova asks for, and how the port can be plugged there. */
public final class Binding {

  /** The extension that Nova looks for. */
  public static final Extension BINDING =
      new Extension(
          "binding",
          "Port Binding",
          "Expose port bindings of a virtual port to external application",
          "2014-02-03T10:00:00-00:00");

  /** Not bound to a host. */
  public static final String UNBOUND = "unbound";

  /** No driver can serve the port on its host. */
  public static final String FAILED = "binding_failed";

  /** The host that the port is to be on; empty for none yet. */
  public static final Attribute<String> HOST_ID =
      Attribute.of(Ports.PORT, "binding:host_id", Values.text(255))
          .about("The host that the port is on.")
          .setOn(CREATE, UPDATE)
          .writtenBy(Access.ADMIN)
          .seenBy(Access.ADMIN)
          .extension(BINDING)
          .defaultsTo("")
          .indexed()
          .filter();

  /** How the port is to be presented to a virtual machine. */
  public static final Attribute<String> VNIC_TYPE =
      Attribute.of(Ports.PORT, "binding:vnic_type", Values.oneOf("normal", "direct", "macvtap"))
          .about("How the port is presented to a virtual machine.")
          .setOn(CREATE, UPDATE)
          .extension(BINDING)
          .defaultsTo("normal")
          .filter();

  /** What Nova passes to drivers. */
  public static final Attribute<Map<String, Object>> PROFILE =
      Attribute.of(Ports.PORT, "binding:profile", Values.object(4095))
          .about("What the compute service passes to drivers.")
          .setOn(CREATE, UPDATE)
          .writtenBy(Access.ADMIN)
          .seenBy(Access.ADMIN)
          .extension(BINDING)
          .defaultsTo(Map.of())
          .clearedByNull();

  /** How the port is plugged: {@code ovs}, {@link #UNBOUND}, {@link #FAILED}. */
  public static final Attribute<String> VIF_TYPE =
      Attribute.of(Ports.PORT, "binding:vif_type", Values.text(64))
          .about("How the port is plugged on its host; unbound or binding_failed if it cannot be.")
          .seenBy(Access.ADMIN)
          .extension(BINDING)
          .defaultsTo(UNBOUND);

  /** What the plugging side must know; for a failed binding the reason. */
  public static final Attribute<Map<String, Object>> VIF_DETAILS =
      Attribute.of(Ports.PORT, "binding:vif_details", Values.object(65_535))
          .about("What the plugging side must know; the reason, if the binding failed.")
          .seenBy(Access.ADMIN)
          .extension(BINDING)
          .defaultsTo(Map.of());

  /** The key in {@link #PROFILE} by which Nova says where it is about to move the port to. */
  private static final String TARGET_KEY = "migrating_to";

  /** How many hosts prepare a port at most. */
  private static final int MOST_TARGETS = 64;

  /** The hosts that the port may be about to move to, which prepare it; not its own. */
  public static final Attribute<List<String>> TARGETS =
      Attribute.of(Ports.PORT, "binding:targets", Values.list(Values.text(255), MOST_TARGETS, null))
          .about("The hosts that the port may be about to move to.")
          .defaultsTo(List.of())
          .indexed()
          .ignorable()
          .hidden();

  /** Those of {@link #TARGETS} on which the port is plugged and its switch has said so. */
  public static final Attribute<List<String>> PREPARED =
      Attribute.of(
              Ports.PORT, "binding:prepared", Values.list(Values.text(255), MOST_TARGETS, null))
          .about("The hosts that are ready for the port to move there.")
          .defaultsTo(List.of())
          .reported()
          .ignorable()
          .hidden();

  private Binding() {}

  /** Where the profile says that the port is about to move to. */
  public static Optional<String> target(Attributes port) {
    return port.get(PROFILE).get(TARGET_KEY) instanceof String host
            && !host.isEmpty()
            && host.length() <= 255
        ? Optional.of(host)
        : Optional.empty();
  }

  /** Whether profiles differ in no more than where the port is about to move to. */
  public static boolean isProfileLike(Attributes one, Attributes other) {
    return withoutTarget(one).equals(withoutTarget(other));
  }

  private static Map<String, Object> withoutTarget(Attributes port) {
    Map<String, Object> profile = new HashMap<>(port.get(PROFILE));
    profile.remove(TARGET_KEY);
    return profile;
  }

  /** Has these hosts prepare the port, but not its own, and no others any more. */
  public static void aim(Draft port, Stream<String> hosts) {
    List<String> targets =
        hosts
            .filter(host -> !host.equals(port.get(HOST_ID)))
            .distinct()
            .limit(MOST_TARGETS)
            .sorted()
            .toList();
    port.set(TARGETS, targets);
    port.set(PREPARED, port.get(PREPARED).stream().filter(targets::contains).toList());
  }

  /** Notes whether a host that the port may be about to move to is ready for it. */
  public static void prepare(Draft port, String host, boolean isReady) {
    List<String> prepared = new ArrayList<>(port.get(PREPARED));
    prepared.remove(host);
    if (isReady) {
      prepared.add(host);
    }
    port.set(PREPARED, List.copyOf(prepared));
  }

  /** The hosts that serve a port, or are about to; none while it is not bound. */
  public static List<String> hosts(Attributes port) {
    return isBound(port)
        ? Stream.concat(Stream.of(port.get(HOST_ID)), port.get(TARGETS).stream()).toList()
        : List.of();
  }

  /** The ports that are on a host, or about to move there, bound or not. */
  public static Collection<Resource> portsOf(View view, String host) {
    Collection<Resource> arriving = view.list(TARGETS, host);
    if (arriving.isEmpty()) {
      return view.list(HOST_ID, host);
    }
    List<Resource> all = new ArrayList<>(view.list(HOST_ID, host));
    all.addAll(arriving);
    return all;
  }

  /** Whether a driver took the port on its host. */
  public static boolean isBound(Attributes port) {
    String vifType = port.get(VIF_TYPE);
    return !port.get(HOST_ID).isEmpty() && !vifType.equals(UNBOUND) && !vifType.equals(FAILED);
  }

  static void declare(Catalog.Builder catalog) {
    catalog
        .extension(BINDING)
        .extend(Ports.PORT, HOST_ID, VNIC_TYPE, PROFILE, VIF_TYPE, VIF_DETAILS, TARGETS, PREPARED);
  }
}
