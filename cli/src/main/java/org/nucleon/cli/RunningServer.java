package org.nucleon.cli;

import java.io.IOException;
import java.net.BindException;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.util.List;
import javax.net.ssl.SSLContext;
import org.nucleon.core.schema.Catalog;
import org.nucleon.core.transaction.Store;
import org.nucleon.core.transaction.StoreException;
import org.nucleon.server.Features;
import org.nucleon.server.NucleonServer;
import org.nucleon.server.config.ApiAddress;
import org.nucleon.server.config.Databases;
import org.nucleon.server.config.IniConfiguration;
import org.nucleon.server.config.Unused;
import org.nucleon.server.plugin.PluginException;
import org.nucleon.server.plugin.Plugins;
import org.nucleon.server.watch.AgentService;
import org.nucleon.server.watch.Enrollment;

/** A server in this process, put together from its options. */
final class RunningServer implements AutoCloseable {

  private static final System.Logger LOG = System.getLogger("nucleon");

  private final Plugins plugins;
  private final StateFolder state;
  private final NucleonServer server;
  private final String host;
  private final int port;

  private RunningServer(
      Plugins plugins, StateFolder state, NucleonServer server, String host, int port) {
    this.plugins = plugins;
    this.host = host;
    this.state = state;
    this.server = server;
    this.port = port;
  }

  /**
   * Opens the state and serves the API.
   *
   * @throws Refusal if an option, a configuration file, the state folder or the port does not do
   */
  static RunningServer start(
      ServerOptions options, StateFolder state, IniConfiguration configuration) throws Refusal {
    Path folder = options.plugins == null ? state.plugins() : options.plugins;
    Plugins plugins = plugins(folder);
    NucleonServer server = assemble(plugins, configuration, state);
    InetSocketAddress address;
    try {
      address = ApiAddress.of(configuration, server.provesCallers());
      if (options.port != null) {
        address = new InetSocketAddress(address.getHostString(), options.port);
      }
    } catch (IllegalArgumentException e) {
      server.close();
      throw new Refusal("--port, [DEFAULT] bind_port: " + e.getMessage());
    }
    try {
      return new RunningServer(
          plugins, state, server, address.getHostString(), server.serveApi(address));
    } catch (IOException e) {
      server.close();
      throw cannotListen(address, "--port", e);
    }
  }

  /**
   * The plugins in a folder, named in the log.
   *
   * @throws Refusal naming the one that cannot be loaded
   */
  static Plugins plugins(Path folder) throws Refusal {
    try {
      Plugins plugins = Plugins.in(folder);
      if (!plugins.labels().isEmpty()) {
        LOG.log(System.Logger.Level.INFO, "plugins: {0}", String.join(", ", plugins.labels()));
      }
      return plugins;
    } catch (PluginException e) {
      throw new Refusal(String.valueOf(e.getMessage()));
    } catch (IOException e) {
      throw new Refusal("cannot read the plugins in " + folder + ": " + Causes.plain(e));
    }
  }

  /**
   * Reads the operator's files.
   *
   * @throws Refusal naming the file, and the line that is wrong
   */
  static IniConfiguration configuration(List<Path> files) throws Refusal {
    IniConfiguration configuration = new IniConfiguration();
    for (Path file : files) {
      read(file, configuration);
    }
    return configuration;
  }

  private static void read(Path file, IniConfiguration configuration) throws Refusal {
    try {
      configuration.add(file);
    } catch (IOException e) {
      throw new Refusal("cannot read the configuration file " + file + ": " + Causes.plain(e));
    }
  }

  private static NucleonServer assemble(
      Plugins plugins, IniConfiguration configuration, StateFolder state) throws Refusal {
    Store store = null;
    try {
      store = Databases.open(configuration, state.path());
      Features features = Features.load(plugins, configuration);
      return new NucleonServer(features, plugins, configuration, store, false);
    } catch (StoreException | IllegalArgumentException | IllegalStateException e) {
      if (store != null) {
        store.close();
      }
      throw new Refusal(String.valueOf(e.getMessage()));
    }
  }

  /** Names once what the files hold and nothing asked for. */
  static void warnOf(Unused unused) {
    unused.lines().forEach(line -> LOG.log(System.Logger.Level.WARNING, "{0}", line));
  }

  private static Refusal cannotListen(InetSocketAddress address, String option, IOException e) {
    boolean inUse = e instanceof BindException || e.getCause() instanceof BindException;
    String reason = inUse ? "in use, or not an address of this machine" : Causes.plain(e);
    return new Refusal(
        "cannot listen on %s:%d (%s): %s"
            .formatted(address.getHostString(), address.getPort(), option, reason));
  }

  /**
   * Serves agents of other hosts, and only those enrolled.
   *
   * @return the port
   * @throws Refusal if the address or the certificate does not do
   */
  int serveAgents(InetSocketAddress address) throws Refusal {
    SSLContext tls = AgentCertificate.of(state.keystore()).tls();
    try {
      return server.serveAgents(address, tls, new Enrollment(state.enrolled()));
    } catch (IOException e) {
      throw cannotListen(address, "--agents-address", e);
    }
  }

  /** What agents do with the server, for the one in this process. */
  AgentService agents() {
    return server.agents();
  }

  /** The plugins, for the agent in this process. */
  Plugins plugins() {
    return plugins;
  }

  /** The declarations. */
  Catalog catalog() {
    return server.engine().catalog();
  }

  /** Where the API is. */
  String url() {
    return "http://" + (host.contains(":") ? "[" + host + "]" : host) + ":" + port;
  }

  /** Takes no more requests, writes what waits and closes the database. */
  @Override
  public void close() {
    server.close();
  }
}
