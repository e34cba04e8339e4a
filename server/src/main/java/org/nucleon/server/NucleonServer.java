package org.nucleon.server;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import javax.net.ssl.SSLContext;
import org.nucleon.core.feature.AgentRegistry;
import org.nucleon.core.feature.ComputedCollection;
import org.nucleon.core.feature.Configuration;
import org.nucleon.core.schema.Catalog;
import org.nucleon.core.transaction.Engine;
import org.nucleon.core.transaction.Store;
import org.nucleon.core.transaction.StoreException;
import org.nucleon.server.api.ApiEndpoint;
import org.nucleon.server.api.ComputedSection;
import org.nucleon.server.api.OpenApi;
import org.nucleon.server.api.ResourceService;
import org.nucleon.server.api.Rights;
import org.nucleon.server.api.Section;
import org.nucleon.server.config.ApiAddress;
import org.nucleon.server.config.Databases;
import org.nucleon.server.http.HttpListener;
import org.nucleon.server.identity.Identity;
import org.nucleon.server.identity.KeystoneOptions;
import org.nucleon.server.plugin.Plugins;
import org.nucleon.server.policy.PolicySource;
import org.nucleon.server.quota.QuotaEndpoint;
import org.nucleon.server.quota.Quotas;
import org.nucleon.server.watch.AgentEndpoint;
import org.nucleon.server.watch.AgentService;
import org.nucleon.server.watch.CollectionWatch;
import org.nucleon.server.watch.Enrollment;
import org.nucleon.server.watch.WatchHub;

/** One server: the engine over a store, the API over HTTP, and the agents' watch. */
public final class NucleonServer implements AutoCloseable {

  private static final System.Logger LOG = System.getLogger("nucleon");
  private static final int MAX_API_BODY = 1 << 20;

  /** An agent that comes back names each of its resources: 60 bytes for each of 250,000. */
  private static final int MAX_AGENT_BODY = 1 << 24;

  private final Engine engine;
  private final WatchHub hub;
  private final AgentService agents;
  private final ApiEndpoint api;
  private final Identity identity;
  private final List<Background> background = new ArrayList<>();
  private final List<Courier<?>> couriers = new ArrayList<>();
  private final List<HttpListener> listeners = new ArrayList<>();

  /**
   * Puts a server together; it listens nowhere yet.
   *
   * @param rehearse run every transaction twice: a test of rules
   * @throws StoreException if the store cannot be read
   */
  public NucleonServer(
      Features features,
      Plugins plugins,
      Configuration configuration,
      Store store,
      boolean rehearse)
      throws StoreException {
    Features on = features.on(configuration);
    Assembly assembly = assembly(on, plugins, configuration);
    engine =
        new Engine(
            on.catalog(configuration),
            assembly.rules,
            store,
            rehearse,
            Databases.patience(configuration));
    if (!engine.undeclared().isEmpty()) {
      LOG.log(
          System.Logger.Level.WARNING,
          "stored, and kept though nothing declares it: {0}",
          String.join(", ", engine.undeclared()));
    }
    hub = new WatchHub(engine, assembly.routings);
    agents =
        new AgentService(
            engine,
            hub,
            assembly.registries,
            assembly.reports,
            () -> background.forEach(Background::lookAround),
            Duration.ofSeconds(configuration.get(AgentRegistry.DOWN_TIME)));
    identity = KeystoneOptions.identity(configuration);
    PolicySource policy = PolicySource.of(engine.catalog(), configuration);
    policy.get().require(assembly.policyRules());
    Quotas quotas = new Quotas(engine.catalog(), configuration);
    Map<String, Section> sections = new HashMap<>();
    sections.put("quotas", new QuotaEndpoint(engine, quotas));
    sections.put("watch", new CollectionWatch(engine.catalog(), hub, agents, identity));
    for (ComputedCollection collection : assembly.computed) {
      sections.put(collection.path(), new ComputedSection(collection, engine::picture));
    }
    api =
        new ApiEndpoint(
            new ResourceService(
                engine, assembly.rules, new Rights(policy), quotas, assembly.preparations),
            assembly.actions,
            assembly.below,
            assembly.parts,
            sections,
            new OpenApi(engine.catalog(), assembly.actions, assembly.below, assembly.computed),
            identity);
    assembly.background.forEach(work -> background.add(new Background(engine, work)));
    assembly.deliveries.forEach(work -> couriers.add(new Courier<>(engine, work, Courier.LEASE)));
  }

  /**
   * Asks for every option that a server of these features has, without starting one.
   *
   * @throws IllegalArgumentException naming an option whose value does not do
   */
  public static void configure(Features features, Plugins plugins, Configuration configuration) {
    var _ = assembly(features, plugins, configuration);
    var _ = features.on(configuration);
    Catalog catalog = features.catalog(configuration);
    KeystoneOptions.identity(configuration);
    PolicySource.of(catalog, configuration);
    var _ = new Quotas(catalog, configuration);
    Databases.ask(configuration);
    ApiAddress.of(configuration, false);
    configuration.get(AgentRegistry.DOWN_TIME);
  }

  private static Assembly assembly(
      Features features, Plugins plugins, Configuration configuration) {
    return Assembly.of(features.servers(), configuration, Features.drivers(plugins, configuration));
  }

  /** What the API of a server of these features is like, without starting one. */
  public static OpenApi describe(Features features, Plugins plugins, Configuration configuration) {
    Assembly assembly = assembly(features, plugins, configuration);
    return new OpenApi(
        features.catalog(configuration), assembly.actions, assembly.below, assembly.computed);
  }

  /**
   * Serves the API.
   *
   * @return the port, chosen if 0 was asked for
   * @throws IOException if the address is in use, or is not a loopback address and callers need not
   *     prove who they are
   */
  public int serveApi(InetSocketAddress address) throws IOException {
    InetAddress ip = address.getAddress();
    if (!identity.isProven() && (ip == null || !ip.isLoopbackAddress())) {
      throw new IOException(
          "without an identity service ([keystone_authtoken] auth_url) the API is served on loopback addresses only, not on "
              + address.getHostString());
    }
    HttpListener listener = new HttpListener(address, null, MAX_API_BODY, api);
    listeners.add(listener);
    return listener.port();
  }

  /** Whether callers of the API prove who they are. */
  public boolean provesCallers() {
    return identity.isProven();
  }

  /**
   * Serves agents of other hosts.
   *
   * @return the port, chosen if 0 was asked for
   */
  public int serveAgents(InetSocketAddress address, SSLContext tls, Enrollment enrollment)
      throws IOException {
    HttpListener listener =
        new HttpListener(address, tls, MAX_AGENT_BODY, new AgentEndpoint(agents, enrollment));
    listeners.add(listener);
    return listener.port();
  }

  /** What agents do with the server, for one in the same process. */
  public AgentService agents() {
    return agents;
  }

  /** The state and its transactions. */
  public Engine engine() {
    return engine;
  }

  @Override
  public void close() {
    listeners.forEach(HttpListener::close);
    background.forEach(Background::close);
    couriers.forEach(Courier::close);
    agents.close();
    hub.close();
    engine.close();
  }
}
