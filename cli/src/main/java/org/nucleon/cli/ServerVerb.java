package org.nucleon.cli;

import java.io.PrintWriter;
import java.net.InetSocketAddress;
import java.util.concurrent.Callable;
import org.nucleon.server.config.IniConfiguration;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** A server for agents on other hosts; its API stays on this host's loopback. */
@Command(
    name = "server",
    description = "Runs a server for agents on many hosts in the foreground.",
    mixinStandardHelpOptions = true)
final class ServerVerb implements Callable<Integer> {

  @Spec private CommandSpec spec = CommandSpec.create();
  @Mixin private ServerOptions options = new ServerOptions();

  @Option(
      names = "--agents-address",
      paramLabel = "ADDRESS:PORT",
      description = "listen here for agents, over TLS (default: ${DEFAULT-VALUE})")
  private String agentsAddress = "0.0.0.0:9697";

  @Override
  public Integer call() throws Refusal, InterruptedException {
    PrintWriter out = spec.commandLine().getOut();
    Logging.start(options.logJson);
    InetSocketAddress agents = SocketAddresses.parse("--agents-address", agentsAddress);
    StateFolder state = StateFolder.at(options.state);
    out.println("state in " + state.path());
    out.flush();
    IniConfiguration configuration = RunningServer.configuration(options.config.inOrder());
    RunningServer server = RunningServer.start(options, state, configuration);
    RunningServer.warnOf(configuration.unused());
    try {
      int port = server.serveAgents(agents);
      out.println("listening for agents on https://" + agents.getHostString() + ":" + port);
    } catch (Refusal e) {
      server.close();
      throw e;
    }
    out.printf(
        "listening on %s, ready in %d ms%n", server.url(), Foreground.millisecondsSinceStart());
    out.flush();
    return Foreground.untilAskedToEnd(server, out);
  }
}
