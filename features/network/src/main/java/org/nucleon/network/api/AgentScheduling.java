package org.nucleon.network.api;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.nucleon.core.feature.AgentRegistry;
import org.nucleon.core.feature.Configuration;
import org.nucleon.core.feature.Option;
import org.nucleon.core.resource.Resource;
import org.nucleon.core.resource.View;

/**
 * Which hosts' agents of a type are given work, and which lose what they have: those that are gone,
 * switched off, or lost for longer than {@code agent_down_time}. If too many are lost at once,
 * something else is wrong, and nothing is taken from any of them.
 */
public final class AgentScheduling {

  private static final System.Logger LOG = System.getLogger("nucleon.scheduling");

  private static final Option<Boolean> SERVE_SWITCHED_OFF =
      Option.bool(
          "DEFAULT",
          "enable_services_on_agents_with_admin_state_down",
          false,
          "Whether agents whose admin_state_up is false keep what they serve");

  private static final Option<Integer> THRESHOLD =
      Option.integer(
          "DEFAULT",
          "agent_failover_threshold",
          50,
          "Percent of the agents of a type that may be lost at once; if more are, nothing is taken"
              + " from them");

  private final String type;
  private final boolean failover;
  private final boolean serveSwitchedOff;
  private final int threshold;
  private final Duration downTime;
  private final InstantSource clock;
  private volatile boolean isHeldBack;

  /**
   * For agents of a type.
   *
   * @param failover whether lost agents lose what they have
   */
  public AgentScheduling(
      String type, boolean failover, Configuration configuration, InstantSource clock) {
    this.type = type;
    this.failover = failover;
    this.serveSwitchedOff = configuration.get(SERVE_SWITCHED_OFF);
    this.threshold = configuration.get(THRESHOLD);
    this.downTime = Duration.ofSeconds(configuration.get(AgentRegistry.DOWN_TIME));
    this.clock = clock;
  }

  /** How often somebody should look for agents that are lost. */
  public Duration period() {
    return downTime.dividedBy(2);
  }

  /** The type of the agents. */
  public String type() {
    return type;
  }

  /** The hosts that take new work, in order of name. */
  public List<String> eligible(View view) {
    return view.all(Agents.AGENT).stream()
        .filter(agent -> agent.get(Agents.TYPE).equals(type))
        .filter(agent -> agent.get(Agents.ALIVE) && agent.get(Agents.ADMIN_STATE_UP))
        .map(agent -> agent.get(Agents.HOST))
        .sorted()
        .toList();
  }

  /** Whether a host is to serve nothing, with or without another that can: it is switched off. */
  public boolean isReleased(View view, String host) {
    Optional<Resource> agent = Agents.find(view, host, type);
    return agent.isEmpty() || !agent.get().get(Agents.ADMIN_STATE_UP) && !serveSwitchedOff;
  }

  /**
   * The hosts that lose what they have, now.
   *
   * @param serving the hosts that serve something
   */
  public Set<String> losing(View view, Collection<String> serving) {
    Set<String> losing = new HashSet<>();
    Set<String> silent = new HashSet<>();
    Instant latest = clock.instant().minus(downTime);
    for (String host : Set.copyOf(serving)) {
      if (isReleased(view, host)) {
        losing.add(host);
        continue;
      }
      Resource agent = Agents.find(view, host, type).orElseThrow();
      if (failover && !agent.get(Agents.ALIVE)) {
        silent.add(host);
        if (Agents.lastSeen(agent).isBefore(latest)) {
          losing.add(host);
        }
      }
    }
    int alive = (int) view.all(Agents.AGENT).stream().filter(this::isAlive).count();
    boolean tooMany = silent.size() * 100 > threshold * (alive + silent.size());
    if (tooMany != isHeldBack) {
      isHeldBack = tooMany;
      LOG.log(
          System.Logger.Level.WARNING,
          tooMany
              ? "{0} of {1} hosts with a {2} are lost: nothing is taken from them until some are back"
              : "{0} of {1} hosts with a {2} are lost: few enough to go on",
          silent.size(),
          alive + silent.size(),
          type);
    }
    if (tooMany) {
      losing.removeAll(silent);
    }
    return losing;
  }

  private boolean isAlive(Resource agent) {
    return agent.get(Agents.TYPE).equals(type) && agent.get(Agents.ALIVE);
  }
}
