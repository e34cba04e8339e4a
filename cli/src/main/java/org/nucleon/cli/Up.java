package org.nucleon.cli;

import java.io.PrintWriter;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** Standalone: everything for one host in one process, on its loopback addresses. */
@Command(
    name = "up",
    description = "Runs a server and this host's agent in the foreground.",
    mixinStandardHelpOptions = true)
final class Up implements Callable<Integer> {

  @Spec private CommandSpec spec = CommandSpec.create();
  @Mixin private ServerOptions options = new ServerOptions();

  @Option(names = "--no-agent", description = "the API only; needs no root")
  private boolean withoutAgent;

  @Override
  public Integer call() throws Refusal, InterruptedException {
    if (!withoutAgent) {
      throw new Refusal("this build has no agent yet; use --no-agent");
    }
    PrintWriter out = spec.commandLine().getOut();
    Logging.start(options.logJson);
    StateFolder state = StateFolder.at(options.state);
    out.println("state in " + state.path());
    out.flush();
    RunningServer server = RunningServer.start(options, state);
    out.printf(
        "listening on %s, ready in %d ms%n", server.url(), Foreground.millisecondsSinceStart());
    String client = "  openstack --os-auth-type none --os-endpoint " + server.url();
    out.println("worth trying:");
    out.println(client + " network create n1");
    out.println(client + " subnet create --network n1 --subnet-range 10.0.0.0/24 s1");
    out.println(client + " port create --network n1 p1");
    out.flush();
    return Foreground.untilAskedToEnd(server, out);
  }
}
