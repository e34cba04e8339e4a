package org.nucleon.cli;

import java.io.PrintWriter;
import java.util.concurrent.Callable;
import org.nucleon.host.ethernet.IpPrefix;
import org.nucleon.server.config.IniConfiguration;
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

  /** Of the block that RFC 1918 leaves to sites, and that OpenStack's documents use for this. */
  private static final IpPrefix GATEWAY = IpPrefix.parse("172.24.4.1/24");

  @Spec private CommandSpec spec = CommandSpec.create();
  @Mixin private ServerOptions options = new ServerOptions();

  @Option(names = "--no-agent", description = "the API only; needs no root")
  private boolean withoutAgent;

  @Option(
      names = "--install",
      description = "install the operating system's packages that are missing, with apt-get")
  private boolean install;

  @Override
  public Integer call() throws Refusal, InterruptedException {
    PrintWriter out = spec.commandLine().getOut();
    Logging.start(options.logJson);
    IniConfiguration configuration = RunningServer.configuration(options.config.inOrder());
    if (withoutAgent) {
      return run(configuration, out);
    }
    Packages.demand(install);
    configuration.preset("ovs", "bridge_mappings", "public:" + LocalSwitch.EXTERNAL_BRIDGE);
    // Alone there is no one to tunnel to, but tenants' networks are overlays all the same.
    configuration.preset("ovs", "local_ip", "127.0.0.1");
    try (HostLock _ = HostLock.take()) {
      return run(configuration, out);
    }
  }

  private int run(IniConfiguration configuration, PrintWriter out)
      throws Refusal, InterruptedException {
    StateFolder state = StateFolder.at(options.state);
    out.println("state in " + state.path());
    out.flush();
    RunningServer server = RunningServer.start(options, state, configuration);
    AutoCloseable running = server;
    if (!withoutAgent) {
      running = withAgent(server, state, configuration, out);
    }
    RunningServer.warnOf(configuration.unused());
    out.printf(
        "listening on %s, ready in %d ms%n", server.url(), Foreground.millisecondsSinceStart());
    suggest(server.url(), out);
    return Foreground.untilAskedToEnd(running, out);
  }

  private static AutoCloseable withAgent(
      RunningServer server, StateFolder state, IniConfiguration configuration, PrintWriter out)
      throws Refusal, InterruptedException {
    try (LocalSwitch local = LocalSwitch.start()) {
      local.makeExternalBridge(GATEWAY);
      if (!LocalSwitch.kernelHasDatapath()) {
        out.println("this kernel has no openvswitch module: the userspace datapath is used");
      }
    } catch (Refusal | InterruptedException e) {
      server.close();
      throw e;
    }
    String host = RunningAgent.hostName(configuration);
    try {
      RunningAgent agent =
          RunningAgent.start(
              host,
              state,
              configuration,
              server.plugins(),
              server.catalog(),
              new LocalLink(server.agents(), host));
      agent.awaitReady();
      out.println("agent of " + host + "; guests and flows stay when this ends");
      return () -> {
        agent.close();
        server.close();
      };
    } catch (Refusal e) {
      server.close();
      throw e;
    }
  }

  /** For the verbs that ask the API, where it is not at its usual port. */
  private String atPort() {
    return options.port == null ? "" : " --port " + options.port;
  }

  private void suggest(String url, PrintWriter out) {
    String client = "  openstack --os-auth-type none --os-endpoint " + url;
    out.println("worth trying:");
    out.println(client + " network create n1");
    out.println(client + " subnet create --network n1 --subnet-range 10.0.0.0/24 s1");
    out.println(client + " port create --network n1 p1");
    if (!withoutAgent) {
      out.println("  ./nucleon plug p1 guest1" + atPort());
      out.println("and for a floating IP that this host reaches:");
      out.println(
          client
              + " network create --external --provider-network-type flat"
              + " --provider-physical-network public ext");
      out.println(
          client
              + " subnet create --network ext --no-dhcp --subnet-range 172.24.4.0/24"
              + " --gateway 172.24.4.1 ext4");
      out.println(client + " router create --external-gateway ext r1");
      out.println(client + " router add subnet r1 s1");
      out.println(client + " floating ip create --port p1 ext");
      out.println(client + " security group rule create --protocol icmp default");
      out.println("  ping ADDRESS");
    }
    out.flush();
  }
}
