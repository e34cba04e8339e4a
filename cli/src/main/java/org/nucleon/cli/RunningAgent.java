package org.nucleon.cli;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import org.nucleon.agent.ControlSocket;
import org.nucleon.agent.HostAgent;
import org.nucleon.agent.HttpsLink;
import org.nucleon.agent.ServerLink;
import org.nucleon.agent.api.ApplyException;
import org.nucleon.agent.api.HostFeature;
import org.nucleon.core.feature.Configuration;
import org.nucleon.core.feature.Feature;
import org.nucleon.core.feature.Option;
import org.nucleon.core.feature.UndeclaredOptionException;
import org.nucleon.core.schema.Catalog;
import org.nucleon.server.Features;
import org.nucleon.server.plugin.PluginException;
import org.nucleon.server.plugin.Plugins;

/** This host's agent in this process. */
final class RunningAgent implements AutoCloseable {

  private static final Option<String> HOST =
      Option.text("DEFAULT", "host", "", "The name of this host; the kernel's by default");

  private final HostAgent agent;
  private final ControlSocket control;

  private RunningAgent(HostAgent agent, ControlSocket control) {
    this.agent = agent;
    this.control = control;
  }

  /** Asks for every option that an agent has, without starting one. */
  static void configure(Configuration configuration, Plugins plugins) throws Refusal {
    configuration.get(HOST);
    configuration.get(HttpsLink.REPORT_INTERVAL);
    try {
      for (HostFeature feature : features(plugins, configuration)) {
        feature.options().forEach(configuration::get);
      }
    } catch (PluginException e) {
      throw new Refusal(String.valueOf(e.getMessage()));
    }
  }

  /** The name of this host: configured, or the kernel's. */
  static String hostName(Configuration configuration) throws Refusal {
    String configured = configuration.get(HOST);
    if (!configured.isEmpty()) {
      return configured;
    }
    try {
      return Files.readString(Path.of("/proc/sys/kernel/hostname")).strip();
    } catch (IOException e) {
      throw new Refusal("cannot read this host's name: " + Causes.plain(e));
    }
  }

  /**
   * Takes hold of this host.
   *
   * @throws Refusal if the host lacks what the agent needs, another agent runs or an option is
   *     wrong
   */
  static RunningAgent start(
      String host,
      StateFolder state,
      Configuration configuration,
      Plugins plugins,
      Catalog catalog,
      ServerLink link)
      throws Refusal {
    try {
      List<HostFeature> features = features(plugins, configuration);
      HostAgent agent =
          new HostAgent(
              host,
              state.agent(),
              configuration,
              catalog,
              features,
              Features.drivers(plugins, configuration),
              link);
      return new RunningAgent(agent, new ControlSocket(state.agent(), agent));
    } catch (PluginException | IllegalArgumentException | UndeclaredOptionException e) {
      throw new Refusal(String.valueOf(e.getMessage()));
    } catch (ApplyException | IOException e) {
      throw new Refusal("this host's agent cannot start: " + e.getMessage());
    }
  }

  /** What those features do on hosts that go with the chosen core plugin. */
  private static List<HostFeature> features(Plugins plugins, Configuration configuration) {
    Set<String> names =
        Features.load(plugins, configuration).declarations().stream()
            .map(Feature::name)
            .collect(Collectors.toSet());
    return plugins.providers(HostFeature.class).stream()
        .filter(feature -> names.contains(feature.name()))
        .toList();
  }

  /** Waits until the host is for the first time as it should be. */
  void awaitReady() {
    agent.awaitFirstApplied();
  }

  /** Lets go of the host, which stays as it is. */
  @Override
  public void close() {
    control.close();
    agent.close();
  }
}
