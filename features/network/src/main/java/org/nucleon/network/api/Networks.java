package org.nucleon.network.api;

import static org.nucleon.core.schema.Operation.CREATE;
import static org.nucleon.core.schema.Operation.UPDATE;

import java.util.List;
import java.util.UUID;
import org.nucleon.core.Caller;
import org.nucleon.core.resource.Resource;
import org.nucleon.core.resource.View;
import org.nucleon.core.schema.Access;
import org.nucleon.core.schema.Attribute;
import org.nucleon.core.schema.Catalog;
import org.nucleon.core.schema.Extension;
import org.nucleon.core.schema.ResourceType;
import org.nucleon.core.schema.Standard;
import org.nucleon.core.schema.Values;
import org.nucleon.core.state.Claim;
import org.nucleon.core.watch.Follower.Topic;

/** Networks: isolated layer 2 segments. */
public final class Networks {

  /** A network. */
  public static final ResourceType NETWORK =
      ResourceType.of("network", "networks", "An isolated layer 2 segment.");

  /** Networks that reach outside the cloud. */
  public static final Extension EXTERNAL_NET =
      new Extension(
          "external-net",
          "Neutron external network",
          "Adds external network attribute to network resource.",
          "2013-01-14T10:00:00-00:00");

  /** The largest packet of a network. */
  public static final Extension NET_MTU =
      new Extension(
          "net-mtu",
          "Network MTU",
          "Provides MTU attribute for a network resource.",
          "2015-03-25T10:00:00-00:00");

  /** The largest packet of a network, chosen by users. */
  public static final Extension NET_MTU_WRITABLE =
      new Extension(
          "net-mtu-writable",
          "Network MTU (writable)",
          "Provides a writable MTU attribute for a network resource.",
          "2017-07-12T00:00:00-00:00");

  /** For people. */
  public static final Attribute<String> NAME = Standard.name(NETWORK);

  /** For people. */
  public static final Attribute<String> DESCRIPTION = Standard.description(NETWORK);

  /** Whether the network is to work: DHCP is served only then. */
  public static final Attribute<Boolean> ADMIN_STATE_UP = Standard.adminStateUp(NETWORK);

  /** Always ACTIVE. */
  public static final Attribute<String> STATUS =
      Attribute.of(NETWORK, "status", Values.text(16))
          .about("ACTIVE.")
          .ignorable()
          .defaultsTo("ACTIVE")
          .filter()
          .sort();

  /** Stored: whether all projects can use it. Shown: whether whoever asks can. */
  public static final Attribute<Boolean> SHARED =
      Attribute.of(NETWORK, "shared", Values.bool())
          .about("Whether every project can put ports on it; shown also to those that it is for.")
          .shownFor((view, network, caller) -> isShared(view, network, caller))
          .setOn(CREATE, UPDATE)
          .writtenBy(Access.ADMIN)
          .defaultsTo(false)
          .freeAsDefault()
          .filter();

  /**
   * Stored: whether routers of any other project can have their gateway on it. Shown: whether those
   * of whoever asks can.
   */
  public static final Attribute<Boolean> EXTERNAL =
      Attribute.of(NETWORK, "router:external", Values.bool())
          .about("Whether routers can have their gateway on the network.")
          .shownFor((view, network, caller) -> isExternal(view, network, caller))
          .setOn(CREATE, UPDATE)
          .writtenBy(Access.ADMIN)
          .extension(EXTERNAL_NET)
          .defaultsTo(false)
          .freeAsDefault()
          .filter();

  /** Whether it is the external network that projects get where they name none. */
  public static final Attribute<Boolean> IS_DEFAULT =
      Attribute.of(NETWORK, "is_default", Values.bool())
          .about("Whether it is the default external network; there is one.")
          .ignorable()
          .setOn(CREATE, UPDATE)
          .writtenBy(Access.ADMIN)
          .defaultsTo(false)
          .freeAsDefault()
          .filter();

  /** The right to be the default external network. */
  public static final Claim DEFAULT_EXTERNAL = new Claim("default-external-network", "", "");

  /** The largest IP packet, bytes. */
  public static final Attribute<Integer> MTU =
      Attribute.of(NETWORK, "mtu", Values.integer(0, 65_535))
          .about("The largest IP packet in bytes; 0 on create for the largest possible.")
          .setOn(CREATE, UPDATE)
          .extension(NET_MTU)
          .defaultsTo(1_500)
          .filter()
          .sort();

  /** Ids of its subnets. */
  public static final Attribute<List<UUID>> SUBNETS =
      Attribute.of(NETWORK, "subnets", Values.list(Values.uuid(), Integer.MAX_VALUE, null))
          .about("The ids of its subnets.")
          .derived((view, network) ->
              view.list(Subnets.NETWORK_ID, network.id()).stream().map(Resource::id).toList());

  private Networks() {}

  /** All that belongs to a network: itself, its subnets and ports. */
  public static Topic topic(UUID network) {
    return new Topic("network", network);
  }

  /** Whether the caller's project can use it without owning it. */
  public static boolean isShared(View view, Resource network, Caller caller) {
    return network.get(SHARED) || RbacPolicies.isShared(view, network.id(), caller);
  }

  /** Whether the caller's routers can have their gateway on it. */
  public static boolean isExternal(View view, Resource network, Caller caller) {
    return network.get(EXTERNAL)
        && (caller.owns(network.project())
            || RbacPolicies.grants(
                view, network.id(), RbacPolicies.ACCESS_AS_EXTERNAL, caller.project())
            || externalPolicies(view, network.id()).isEmpty()); // from before there were any
  }

  /** The policies that let routers of others have their gateway on a network. */
  public static List<Resource> externalPolicies(View view, UUID network) {
    return view.list(RbacPolicies.OBJECT_ID, network).stream()
        .filter(p -> p.get(RbacPolicies.ACTION).equals(RbacPolicies.ACCESS_AS_EXTERNAL))
        .toList();
  }

  /** Whether the caller may know of it. */
  public static boolean isVisible(View view, Resource network, Caller caller) {
    return caller.owns(network.project())
        || isShared(view, network, caller)
        || isExternal(view, network, caller);
  }

  static void declare(Catalog.Builder catalog) {
    catalog
        .extension(EXTERNAL_NET)
        .extension(NET_MTU)
        .extension(NET_MTU_WRITABLE)
        .declare(
            NETWORK,
            NAME,
            DESCRIPTION,
            ADMIN_STATE_UP,
            STATUS,
            SHARED,
            EXTERNAL,
            IS_DEFAULT,
            MTU,
            SUBNETS);
  }
}
