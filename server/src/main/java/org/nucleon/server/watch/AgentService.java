package org.nucleon.server.watch;

import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.BiConsumer;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.nucleon.core.ApiException;
import org.nucleon.core.Caller;
import org.nucleon.core.feature.AgentDescription;
import org.nucleon.core.feature.AgentRegistry;
import org.nucleon.core.feature.ReportHandler;
import org.nucleon.core.schema.Layout;
import org.nucleon.core.schema.ResourceType;
import org.nucleon.core.schema.Values;
import org.nucleon.core.transaction.Engine;
import org.nucleon.core.transaction.Transaction;
import org.nucleon.core.watch.HostUpdate.Forgotten;

/**
 * What agents do with the server: connect, watch, report. The host's name is the credential's,
 * never the request's.
 */
public final class AgentService implements AutoCloseable {

  private static final System.Logger LOG = System.getLogger("nucleon.agents");

  private final Engine engine;
  private final WatchHub hub;
  private final List<AgentRegistry> registries;
  private final Map<ResourceType, Map<String, ReportHandler>> handlers;
  private final Runnable onHostsChanged;
  private final Duration downTime;
  private final Map<String, Connected> connected = new ConcurrentHashMap<>();
  private final Map<String, Long> heard = new ConcurrentHashMap<>();
  private final ScheduledExecutorService clock =
      Executors.newSingleThreadScheduledExecutor(
          Thread.ofPlatform().daemon().name("agent-clock").factory());

  private record Connected(HostStream stream, Set<String> roles) {}

  /**
   * One report.
   *
   * @param type the resource type's name
   * @param kind what is reported, such as {@code switch}
   * @param id the resource
   * @param details the rest of it
   */
  public record Report(String type, String kind, UUID id, Map<String, @Nullable Object> details) {}

  /**
   * With what features do with reports, and what to do when a host comes or goes.
   *
   * @param downTime how long a host on another machine may be silent
   */
  public AgentService(
      Engine engine,
      WatchHub hub,
      List<AgentRegistry> registries,
      Map<ResourceType, Map<String, ReportHandler>> handlers,
      Runnable onHostsChanged,
      Duration downTime) {
    this.engine = engine;
    this.hub = hub;
    this.registries = registries;
    this.handlers = handlers;
    this.onHostsChanged = onHostsChanged;
    this.downTime = downTime;
    registered((registry, tx) -> registry.allLost(tx));
    long often = Math.max(1, downTime.toMillis() / 5);
    clock.scheduleWithFixedDelay(this::endSilent, often, often, TimeUnit.MILLISECONDS);
  }

  /** A host on another machine has been heard; it must be again before its down time is over. */
  void heard(String host) {
    heard.put(host, System.nanoTime());
  }

  /** A host that is silent for too long is gone, whatever its connection looks like. */
  private void endSilent() {
    long oldest = System.nanoTime() - downTime.toNanos();
    heard.forEach((host, when) -> {
      Connected silent = connected.get(host);
      if (when - oldest < 0 && silent != null) {
        LOG.log(System.Logger.Level.WARNING, "host {0} is silent", host);
        try {
          disconnect(silent.stream());
        } catch (RuntimeException e) { // the database, say; the clock goes on
          LOG.log(System.Logger.Level.ERROR, "host " + host + " cannot be written down as lost", e);
        }
      }
    });
  }

  @Override
  public void close() {
    clock.shutdownNow();
  }

  /**
   * Opens a host's watch.
   *
   * @param agents the roles of the host's agent; empty for a mere reader
   * @param have the change number of each resource that the host still has
   */
  public HostStream connect(String host, List<AgentDescription> agents, Map<Forgotten, Long> have) {
    HostStream stream = hub.open(host, have);
    if (agents.isEmpty()) {
      return stream;
    }
    Connected mine =
        new Connected(
            stream, agents.stream().map(AgentDescription::role).collect(Collectors.toSet()));
    Connected earlier = connected.put(host, mine);
    if (earlier != null) {
      hub.close(earlier.stream()); // its process is gone: a host runs one agent at a time
    }
    registered((registry, tx) -> registry.connected(tx, host, agents));
    onHostsChanged.run();
    LOG.log(System.Logger.Level.INFO, "host {0} is connected: {1}", host, mine.roles());
    return stream;
  }

  private void registered(BiConsumer<AgentRegistry, Transaction> write) {
    engine.write(
        Caller.SYSTEM,
        tx -> {
          registries.forEach(registry -> write.accept(registry, tx));
          return true;
        });
  }

  /** Ends a host's watch. */
  public void disconnect(HostStream stream) {
    hub.close(stream);
    Connected mine = connected.get(stream.host());
    if (mine != null && mine.stream().equals(stream)) {
      connected.remove(stream.host());
      heard.remove(stream.host());
      registered((registry, tx) -> registry.lost(tx, stream.host()));
      onHostsChanged.run();
      LOG.log(System.Logger.Level.INFO, "host {0} is gone", stream.host());
    }
  }

  /**
   * Takes a host's reports, in one transaction; those that it may not make, or that nothing here
   * understands, cost only themselves.
   *
   * @return the ids of resources whose reports were not taken
   */
  public Set<UUID> report(String host, List<Report> reports) {
    return engine.write(
        Caller.SYSTEM,
        tx -> {
          Set<UUID> refused = new HashSet<>();
          for (Report report : reports) {
            if (!take(tx, host, report)) {
              refused.add(report.id());
            }
          }
          return refused;
        });
  }

  private boolean take(Transaction tx, String host, Report report) {
    Optional<ResourceType> known = engine.catalog().find(report.type()).map(Layout::type);
    if (known.isEmpty()) {
      return false;
    }
    ResourceType type = known.get();
    ReportHandler handler = handlers.getOrDefault(type, Map.of()).get(report.kind());
    if (handler == null) {
      return false;
    }
    return tx.find(type, report.id())
        .map(resource -> handler.report(tx, host, resource, report.details()))
        .orElse(true); // gone meanwhile: nothing to say
  }

  /** Reads an agent's list of what it has: type to id to change number. */
  public Map<Forgotten, Long> have(@Nullable Object json) {
    Map<Forgotten, Long> have = new HashMap<>();
    if (json instanceof Map<?, ?> types) {
      types.forEach((name, ids) ->
          engine
              .catalog()
              .find(String.valueOf(name))
              .ifPresent(layout -> addAll(have, layout.type(), ids)));
    }
    return have;
  }

  private static void addAll(Map<Forgotten, Long> have, ResourceType type, @Nullable Object ids) {
    if (ids instanceof Map<?, ?> numbers) {
      numbers.forEach((id, number) -> {
        if (number instanceof Number n) {
          UUID known =
              Values.parseUuid(String.valueOf(id))
                  .orElseThrow(() -> ApiException.invalidInput("'have' names ids"));
          have.put(new Forgotten(type, known), n.longValue());
        }
      });
    }
  }

  /** Reads reports as agents send them. */
  @SuppressWarnings("unchecked") // JSON objects have text keys
  public static List<Report> reports(@Nullable Object json) {
    List<Report> reports = new ArrayList<>();
    if (json instanceof List<?> items) {
      for (Object item : items) {
        if (!(item instanceof Map<?, ?> map)) {
          throw ApiException.invalidInput("a report is an object");
        }
        UUID id =
            Values.parseUuid(String.valueOf(map.get("id")))
                .orElseThrow(() -> ApiException.invalidInput("a report names an id"));
        reports.add(
            new Report(
                String.valueOf(map.get("type")),
                String.valueOf(map.get("kind")),
                id,
                (Map<String, @Nullable Object>) map));
      }
    }
    return reports;
  }
}
