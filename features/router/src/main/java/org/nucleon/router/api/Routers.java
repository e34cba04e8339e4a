package org.nucleon.router.api;

import static org.nucleon.core.schema.Operation.CREATE;
import static org.nucleon.core.schema.Operation.UPDATE;

import java.util.List;
import java.util.UUID;
import org.nucleon.core.schema.Access;
import org.nucleon.core.schema.Attribute;
import org.nucleon.core.schema.Catalog;
import org.nucleon.core.schema.Extension;
import org.nucleon.core.schema.ResourceType;
import org.nucleon.core.schema.Standard;
import org.nucleon.core.schema.Values;
import org.nucleon.core.watch.Follower.Topic;
import org.nucleon.network.api.Agents;
import org.nucleon.network.api.HostRoute;
import org.nucleon.network.api.Ports;

/** Routers: between tenant networks, and to external ones. */
public final class Routers {

  /** A router. */
  public static final ResourceType ROUTER =
      ResourceType.of("router", "routers", "Forwards packets between networks.");

  /** Routers and floating IPs. */
  public static final Extension EXTENSION =
      new Extension(
          "router",
          "Neutron L3 Router",
          "Router abstraction for basic L3 forwarding between L2 Neutron networks and access to"
              + " external networks via a NAT gateway.",
          "2012-07-20T10:00:00-00:00");

  /** Source NAT that can be switched off, and chosen gateway addresses. */
  public static final Extension EXT_GW_MODE =
      new Extension(
          "ext-gw-mode",
          "Neutron L3 Configurable external gateway mode",
          "Extension of the router abstraction for specifying whether SNAT should occur on the"
              + " external gateway",
          "2013-03-28T10:00:00-00:00");

  /** Static routes. */
  public static final Extension EXTRAROUTE =
      new Extension(
          "extraroute",
          "Neutron Extra Route",
          "Extra routes configuration for L3 router",
          "2013-02-01T10:00:00-00:00");

  /** Routes added and removed one by one. */
  public static final Extension EXTRAROUTE_ATOMIC =
      new Extension(
          "extraroute-atomic",
          "Atomically add/remove extra routes",
          "Edit extra routes of a router on server side by atomically adding/removing extra"
              + " routes",
          "2019-07-10T00:00:00+00:00");

  /** Addresses of router ports that stay. */
  public static final Extension IP_CHANGE_NOT_ALLOWED =
      new Extension(
          "l3-port-ip-change-not-allowed",
          "Prevent L3 router ports IP address change extension",
          "Prevent change of IP address for some L3 router ports",
          "2018-10-09T10:00:00-00:00");

  /** For people. */
  public static final Attribute<String> NAME = Standard.name(ROUTER);

  /** For people. */
  public static final Attribute<String> DESCRIPTION = Standard.description(ROUTER);

  /** Whether the router is to work. */
  public static final Attribute<Boolean> ADMIN_STATE_UP = Standard.adminStateUp(ROUTER);

  /** Always ACTIVE. */
  public static final Attribute<String> STATUS =
      Attribute.of(ROUTER, "status", Values.text(16))
          .about("ACTIVE.")
          .ignorable()
          .defaultsTo("ACTIVE")
          .sort();

  /** The external network it is connected to; null for none. */
  public static final Attribute<GatewayInfo> GATEWAY =
      Attribute.of(ROUTER, "external_gateway_info", GatewayInfo.TYPE)
          .about("Its connection to an external network, null for none.")
          .setOn(CREATE, UPDATE)
          .memberWrittenBy("enable_snat", Access.ADMIN)
          .memberWrittenBy("external_fixed_ips", Access.ADMIN)
          .extension(EXT_GW_MODE)
          .nullable();

  /** Static routes beside those to its own subnets. */
  public static final Attribute<List<HostRoute>> ROUTES =
      Attribute.of(ROUTER, "routes", Values.list(HostRoute.TYPE, 1_000, "hostroute"))
          .about("Static routes.")
          .setOn(UPDATE)
          .extension(EXTRAROUTE)
          .defaultsTo(List.of())
          .clearedByNull();

  /** Whether each host routes for its own guests: not yet. */
  public static final Attribute<Boolean> DISTRIBUTED =
      Attribute.of(ROUTER, "distributed", Values.bool())
          .about("Whether each host routes for its own guests; only false in this release.")
          .setOn(CREATE, UPDATE)
          .writtenBy(Access.ADMIN)
          .seenBy(Access.ADMIN)
          .defaultsTo(false)
          .clearedByNull();

  /** Whether another host stands by: not yet. */
  public static final Attribute<Boolean> HA =
      Attribute.of(ROUTER, "ha", Values.bool())
          .about("Whether another host stands by; only false in this release.")
          .setOn(CREATE, UPDATE)
          .writtenBy(Access.ADMIN)
          .seenBy(Access.ADMIN)
          .defaultsTo(false)
          .clearedByNull();

  /** Its port on the external network. */
  public static final Attribute<UUID> GATEWAY_PORT_ID =
      Attribute.of(ROUTER, "gw_port_id", Values.reference(Ports.PORT))
          .about("Its port on the external network.")
          .hidden()
          .nullable();

  /** The host that it is placed on; empty for none yet. */
  public static final Attribute<String> HOST =
      Attribute.of(ROUTER, "host", Values.text(255))
          .about("The host that it is placed on.")
          .hidden()
          .defaultsTo("")
          .indexed();

  /** Zones of the agents that route. */
  public static final Extension ZONES =
      new Extension(
          "router_availability_zone",
          "Router Availability Zone",
          "Availability zone support for router.",
          "2015-01-01T10:00:00-00:00");

  /** The zones whose agents are to route; empty for any. */
  public static final Attribute<List<String>> ZONE_HINTS =
      Attribute.of(ROUTER, "availability_zone_hints", Values.list(Values.text(255), 64, null))
          .about("The availability zones whose agents are to route for it; empty for any.")
          .ignorable()
          .setOn(CREATE)
          .extension(ZONES)
          .defaultsTo(List.of())
          .clearedByNull();

  /** The zones of the agents that route for it. */
  private static final Attribute<List<String>> AVAILABILITY_ZONES =
      Attribute.of(ROUTER, "availability_zones", Values.list(Values.text(255), 64, null))
          .about("The availability zone of the agent that routes for it.")
          .extension(ZONES)
          .derived((view, router) ->
              Agents.zone(view, router.get(Routers.HOST), Routers.AGENT_TYPE).stream().toList());

  /** Whether an administrator took it from its host and has not placed it since. */
  public static final Attribute<Boolean> TAKEN_AWAY =
      Attribute.of(ROUTER, "taken_away", Values.bool())
          .about("Whether it stays without a host until an administrator places it.")
          .hidden()
          .defaultsTo(false);

  /** Which agents route for which routers. */
  public static final Extension SCHEDULER =
      new Extension(
          "l3_agent_scheduler",
          "L3 Agent Scheduler",
          "Schedule routers among l3 agents",
          "2013-02-07T10:00:00-00:00");

  /** What OpenStack's tools call agents that route. */
  public static final String AGENT_TYPE = "L3 agent";

  private Routers() {}

  /** A router and its floating IPs. */
  public static Topic topic(UUID router) {
    return new Topic("router", router);
  }

  static void declare(Catalog.Builder catalog) {
    catalog
        .extension(EXTENSION)
        .extension(EXT_GW_MODE)
        .extension(EXTRAROUTE)
        .extension(EXTRAROUTE_ATOMIC)
        .extension(IP_CHANGE_NOT_ALLOWED)
        .extension(SCHEDULER)
        .extension(ZONES)
        .declare(
            ROUTER,
            NAME,
            DESCRIPTION,
            ADMIN_STATE_UP,
            STATUS,
            GATEWAY,
            ROUTES,
            DISTRIBUTED,
            HA,
            GATEWAY_PORT_ID,
            HOST,
            TAKEN_AWAY,
            ZONE_HINTS,
            AVAILABILITY_ZONES);
  }
}
