package org.nucleon.network.api;

import static org.nucleon.core.schema.Operation.UPDATE;

import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.nucleon.core.ApiException;
import org.nucleon.core.feature.Option;
import org.nucleon.core.resource.Resource;
import org.nucleon.core.resource.View;
import org.nucleon.core.schema.Attribute;
import org.nucleon.core.schema.Catalog;
import org.nucleon.core.schema.Extension;
import org.nucleon.core.schema.ResourceType;
import org.nucleon.core.schema.Standard;
import org.nucleon.core.schema.Values;
import org.nucleon.core.state.Claim;
import org.nucleon.core.watch.Follower.Topic;

/** Agents as OpenStack's tools see them: one for each role of a host's agent process. */
public final class Agents {

  /** An agent. */
  public static final ResourceType AGENT =
      new ResourceType(
          "agent", "agents", "A role of a host's agent.", ResourceType.Visibility.ADMIN);

  /** The agents of the hosts. */
  public static final Extension EXTENSION =
      new Extension(
          "agent", "agent", "The agent management extension.", "2013-02-03T10:00:00-00:00");

  /** {@code Open vSwitch agent}, {@code DHCP agent}, {@code L3 agent}. */
  public static final Attribute<String> TYPE =
      fixed("agent_type", "The role as OpenStack's tools name it.").filter().sort();

  /** The program's name as OpenStack's tools expect it. */
  public static final Attribute<String> BINARY =
      fixed("binary", "The program's name as OpenStack's tools expect it.").filter().sort();

  /** The message queue topic that Neutron would use. */
  public static final Attribute<String> TOPIC =
      fixed("topic", "The message queue topic that Neutron would use.").filter().sort();

  /** The host that it runs on. */
  public static final Attribute<String> HOST =
      fixed("host", "The host that it runs on.").indexed().filter().sort();

  /** Whether new work is given to it. */
  public static final Attribute<Boolean> ADMIN_STATE_UP =
      Standard.adminStateUp(AGENT).about("Whether new work is given to it.").setOn(UPDATE);

  /** For people. */
  public static final Attribute<String> DESCRIPTION =
      Attribute.of(AGENT, "description", Values.text(255))
          .about("Free text.")
          .setOn(UPDATE)
          .defaultsTo("")
          .clearedByNull()
          .filter();

  /** Whether it holds its watch open. */
  public static final Attribute<Boolean> ALIVE =
      Attribute.of(AGENT, "alive", Values.bool())
          .about("Whether it is connected.")
          .defaultsTo(false)
          .reported()
          .filter();

  /** Where it is, as operators group hosts; null for agents that are in no zone. */
  public static final Attribute<String> AVAILABILITY_ZONE =
      Attribute.of(AGENT, "availability_zone", Values.text(255))
          .about("The availability zone of its host.")
          .nullable()
          .indexed()
          .reported()
          .filter();

  /** The zone that a host's agent is in. */
  public static final Option<String> ZONE =
      Option.text("agent", "availability_zone", "nova", "The availability zone of this host");

  /** The zones of what names none. */
  public static final Option<List<String>> DEFAULT_ZONES =
      Option.list(
          "DEFAULT",
          "default_availability_zones",
          "",
          "The availability zones of networks and routers that name none; empty for any");

  /** What it told of itself. */
  public static final Attribute<Map<String, Object>> CONFIGURATIONS =
      Attribute.of(AGENT, "configurations", Values.object(65_535))
          .about("What it told of itself, and how much it has to do.")
          .shownFor((view, agent, caller) -> AgentFigures.of(view, agent))
          .defaultsTo(Map.of())
          .reported();

  /** When the host was first seen. */
  public static final Attribute<String> CREATED_AT =
      time("created_at", "When it was first seen, UTC.");

  /** When the process connected. */
  public static final Attribute<String> STARTED_AT =
      time("started_at", "When it last connected, UTC.");

  /** When it connected or was lost. */
  public static final Attribute<String> LAST_SEEN =
      time("last_seen", "When it connected or was lost, UTC.").hidden();

  /** Now, while it is connected: its watch shows it alive, and nobody has to write that down. */
  public static final Attribute<String> HEARTBEAT =
      time("heartbeat_timestamp", "When it was last known to be alive, UTC.")
          .derived((view, agent) -> agent.get(ALIVE) ? time(Instant.now()) : agent.get(LAST_SEEN));

  /** Agents that are connected have what the server knows. */
  public static final Extension SYNCED =
      new Extension(
          "agent-resources-synced",
          "Agent's Resource View Synced to Host",
          "Stores success/failure of last sync",
          "2017-09-19T10:00:00-00:00");

  /** Whether it has what concerns its host; null while nobody knows. */
  public static final Attribute<Boolean> RESOURCES_SYNCED =
      Attribute.of(AGENT, "resources_synced", Values.bool())
          .about("Whether it has all that concerns its host; null while it is not connected.")
          .extension(SYNCED)
          .nullable()
          .derived((view, agent) -> agent.get(ALIVE) ? (Boolean) true : null);

  private Agents() {}

  private static Attribute<String> fixed(String name, String about) {
    return Attribute.of(AGENT, name, Values.text(255)).about(about).defaultsTo("");
  }

  private static Attribute<String> time(String name, String about) {
    return Attribute.of(AGENT, name, Values.text(32)).about(about).defaultsTo("").reported();
  }

  private static final DateTimeFormatter TIME =
      DateTimeFormatter.ofPattern("yyyy-MM-dd HH:mm:ss").withZone(ZoneOffset.UTC);

  /** A time as agents show it. */
  public static String time(Instant instant) {
    return TIME.format(instant);
  }

  /** When an agent connected or was lost. */
  public static Instant lastSeen(Resource agent) {
    String text = agent.get(LAST_SEEN);
    return text.isEmpty() ? Instant.EPOCH : TIME.parse(text, Instant::from);
  }

  /** The agent of a type on a host. */
  public static Optional<Resource> find(View view, String host, String type) {
    return view.list(HOST, host).stream().filter(a -> a.get(TYPE).equals(type)).findFirst();
  }

  /**
   * Demands that there are agents of a type in zones.
   *
   * @throws ApiException 404 AvailabilityZoneNotFound if there are none in one of them
   */
  public static void requireZones(View view, String type, List<String> zones) {
    for (String zone : zones) {
      if (view.list(AVAILABILITY_ZONE, zone).stream().noneMatch(a -> a.get(TYPE).equals(type))) {
        throw ApiException.notFound(
            "AvailabilityZoneNotFound",
            "AvailabilityZone " + Values.quoted(zone) + " could not be found.");
      }
    }
  }

  /** The zone of a host's agent of a type. */
  public static Optional<String> zone(View view, String host, String type) {
    return find(view, host, type).flatMap(agent -> agent.find(AVAILABILITY_ZONE));
  }

  /** A host has one agent of a type. */
  public static Claim claim(String host, String type) {
    return new Claim("agent", host, type);
  }

  /** What others need to know of a host, such as its tunnel address. */
  public static Topic topic(String host) {
    return new Topic("host", host);
  }

  static void declare(Catalog.Builder catalog) {
    catalog
        .extension(EXTENSION)
        .extension(SYNCED)
        .declare(
            AGENT,
            TYPE,
            BINARY,
            TOPIC,
            HOST,
            ADMIN_STATE_UP,
            DESCRIPTION,
            ALIVE,
            AVAILABILITY_ZONE,
            CONFIGURATIONS,
            CREATED_AT,
            STARTED_AT,
            LAST_SEEN,
            HEARTBEAT,
            RESOURCES_SYNCED);
  }
}
