package org.nucleon.cli;

import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import org.nucleon.agent.ControlSocket;
import org.nucleon.agent.Credential;
import org.nucleon.agent.HttpsLink;
import org.nucleon.core.schema.Catalog;
import org.nucleon.server.Features;
import org.nucleon.server.config.IniConfiguration;
import org.nucleon.server.plugin.Plugins;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** One host's agent, with the server elsewhere. */
@Command(
    name = "agent",
    description = "Runs this host's agent in the foreground.",
    mixinStandardHelpOptions = true,
    subcommands = {AgentVerb.Diff.class, AgentVerb.Plan.class})
final class AgentVerb implements Callable<Integer> {

  @Spec private CommandSpec spec = CommandSpec.create();
  @Mixin private AgentOptions options = new AgentOptions();

  @Override
  public Integer call() throws Refusal, InterruptedException {
    PrintWriter out = spec.commandLine().getOut();
    Logging.start(options.logJson);
    StateFolder state = StateFolder.at(options.state);
    out.println("state in " + state.path());
    out.flush();
    IniConfiguration configuration = RunningServer.configuration(options.config.inOrder());
    Credential enrollment = enrollment(state);
    Plugins plugins =
        RunningServer.plugins(options.plugins == null ? state.plugins() : options.plugins);
    Catalog catalog = catalog(plugins, configuration);
    try (HostLock _ = HostLock.take()) {
      RunningAgent agent = start(state, configuration, enrollment, plugins, catalog);
      RunningServer.warnOf(configuration.unused());
      out.printf(
          "agent of %s, server %s, started in %d ms%n",
          enrollment.host(), enrollment.server(), Foreground.millisecondsSinceStart());
      out.flush();
      return Foreground.untilAskedToEnd(agent, out);
    }
  }

  private static Catalog catalog(Plugins plugins, IniConfiguration configuration) throws Refusal {
    try {
      return Features.load(plugins, configuration).catalog();
    } catch (IllegalArgumentException | IllegalStateException e) {
      throw new Refusal(String.valueOf(e.getMessage()));
    }
  }

  private static RunningAgent start(
      StateFolder state,
      IniConfiguration configuration,
      Credential enrollment,
      Plugins plugins,
      Catalog catalog)
      throws Refusal {
    try {
      return RunningAgent.start(
          enrollment.host(),
          state,
          configuration,
          plugins,
          catalog,
          new HttpsLink(catalog, enrollment, configuration));
    } catch (IOException e) {
      throw new Refusal(String.valueOf(e.getMessage()));
    }
  }

  private Credential enrollment(StateFolder state) throws Refusal {
    Path file =
        options.enrollment == null ? state.path().resolve("agent.json") : options.enrollment;
    try {
      return Credential.read(file);
    } catch (IOException e) {
      throw new Refusal(
          "cannot read the enrollment in "
              + file
              + " ("
              + Causes.plain(e)
              + "); 'nucleon enroll HOST --out FILE' on the server makes it");
    }
  }

  /** Asks a running agent. */
  private static int ask(CommandSpec spec, @Nullable Path state, String command, String nothing)
      throws Refusal {
    PrintWriter out = spec.commandLine().getOut();
    StateFolder folder = StateFolder.at(state);
    try {
      List<String> lines = ControlSocket.ask(folder.agent(), command);
      lines.forEach(line -> out.println(LogLine.escaped(line)));
      if (lines.isEmpty()) {
        out.println(nothing);
      }
      out.flush();
      return lines.isEmpty() ? 0 : 1;
    } catch (IOException e) {
      throw new Refusal("no agent is running on " + folder.path());
    }
  }

  /** What is asked of this host against what is there. */
  @Command(
      name = "diff",
      description = "Prints what is asked of this host and is not there, and the reverse.",
      mixinStandardHelpOptions = true)
  static final class Diff implements Callable<Integer> {
    @Spec private CommandSpec spec = CommandSpec.create();

    @Option(names = "--state", paramLabel = "DIR", description = "the agent's state folder")
    private @Nullable Path state;

    @Override
    public Integer call() throws Refusal {
      return ask(spec, state, "diff", "no difference");
    }
  }

  /** Everything that is asked of this host. */
  @Command(
      name = "plan",
      description = "Prints everything that is asked of this host, and for which resource.",
      mixinStandardHelpOptions = true)
  static final class Plan implements Callable<Integer> {
    @Spec private CommandSpec spec = CommandSpec.create();

    @Option(names = "--state", paramLabel = "DIR", description = "the agent's state folder")
    private @Nullable Path state;

    @Override
    public Integer call() throws Refusal {
      ask(spec, state, "plan", "nothing is asked");
      return 0;
    }
  }
}
