package org.nucleon.cli;

import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.Collection;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import org.nucleon.agent.HostCleaner;
import org.nucleon.agent.api.ApplyException;
import org.nucleon.agent.api.HostFeature;
import org.nucleon.server.config.IniConfiguration;
import org.nucleon.server.plugin.PluginException;
import org.nucleon.server.plugin.Plugins;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** Removes what agents, {@code up} and {@code plug} left on this host. */
@Command(
    name = "clean",
    description = "Names and removes from this host all that carries our marks, and only that.",
    mixinStandardHelpOptions = true)
final class Clean implements Callable<Integer> {

  @Spec private CommandSpec spec = CommandSpec.create();

  @Option(
      names = "--state",
      paramLabel = "DIR",
      description = "the agent's state folder; it stays (default: as for agent)")
  private @Nullable Path state;

  @Option(names = "--plugins", paramLabel = "DIR", description = "as for agent")
  private @Nullable Path plugins;

  @Mixin private ConfigFiles config = new ConfigFiles();

  @Override
  public Integer call() throws Refusal {
    PrintWriter out = spec.commandLine().getOut();
    Logging.start(false);
    StateFolder folder = StateFolder.at(state);
    IniConfiguration configuration = RunningServer.configuration(config.inOrder());
    try (HostLock _ = HostLock.take();
        LocalSwitch local = LocalSwitch.open()) {
      removeMadeByHand(local, out);
      Plugins loaded = RunningServer.plugins(plugins == null ? folder.plugins() : plugins);
      Collection<String> failures =
          HostCleaner.clean(
              RunningAgent.hostName(configuration),
              folder.agent(),
              configuration,
              loaded.providers(HostFeature.class),
              loaded::providers,
              item -> removing(LogLine.escaped(item), out));
      failures.forEach(failure -> out.println("not removed: " + LogLine.escaped(failure)));
      out.println(
          failures.isEmpty()
              ? "this host is clean; the state in " + folder.path() + " stays"
              : "this host is not clean");
      out.flush();
      return failures.isEmpty() ? 0 : 1;
    } catch (PluginException e) {
      throw new Refusal(String.valueOf(e.getMessage()));
    } catch (ApplyException | IOException e) {
      throw new Refusal("cannot clean this host: " + e.getMessage());
    }
  }

  /** First, because the agent's bridges stay as long as they have ports of others. */
  private static void removeMadeByHand(LocalSwitch local, PrintWriter out) throws IOException {
    for (String guest : local.guests()) {
      removing("guest " + guest, out);
      Guest.remove(guest);
    }
    for (String bridge : local.bridgesOfUp()) {
      removing("bridge " + bridge, out);
    }
    local.removeOwn();
  }

  private static void removing(String what, PrintWriter out) {
    out.println("removing " + what);
    out.flush();
  }
}
