package org.nucleon.cli;

import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import org.nucleon.core.feature.Option;
import org.nucleon.server.Features;
import org.nucleon.server.NucleonServer;
import org.nucleon.server.config.IniConfiguration;
import org.nucleon.server.config.IniConfiguration.InUse;
import org.nucleon.server.plugin.Plugins;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** What servers and agents are configured by: every option, what it is and where that was said. */
@Command(
    name = "config",
    description =
        "Prints every option of servers and agents with its value and where that comes from.",
    mixinStandardHelpOptions = true)
final class ConfigVerb implements Callable<Integer> {

  @Spec private CommandSpec spec = CommandSpec.create();

  @Mixin private ConfigFiles config = new ConfigFiles();

  @picocli.CommandLine.Option(
      names = "--plugins",
      paramLabel = "DIR",
      description = "plugins, whose options are printed as well")
  private @Nullable Path plugins;

  @Override
  public Integer call() throws Refusal {
    IniConfiguration configuration = RunningServer.configuration(config.inOrder());
    Plugins loaded = plugins == null ? Plugins.none() : RunningServer.plugins(plugins);
    try {
      NucleonServer.configure(Features.load(loaded, configuration), loaded, configuration);
      RunningAgent.configure(configuration, loaded);
    } catch (IllegalArgumentException | IllegalStateException e) {
      throw new Refusal(String.valueOf(e.getMessage()));
    }
    PrintWriter out = spec.commandLine().getOut();
    String section = "";
    for (InUse one : configuration.inUse()) {
      Option<?> option = one.option();
      if (!option.section().equals(section)) {
        section = option.section();
        out.println("[" + section + "]");
      }
      out.println("# " + LogLine.escaped(option.about()));
      out.println(
          "# "
              + option.type()
              + "; default: "
              + LogLine.escaped(option.defaultText())
              + "; from: "
              + LogLine.escaped(one.place()));
      out.println(option.name() + " = " + LogLine.escaped(one.value()));
    }
    configuration.unused().lines().forEach(line -> out.println("# " + LogLine.escaped(line)));
    out.flush();
    return 0;
  }
}
