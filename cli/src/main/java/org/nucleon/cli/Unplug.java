package org.nucleon.cli;

import java.io.IOException;
import java.io.PrintWriter;
import java.util.Map;
import java.util.concurrent.Callable;
import org.nucleon.host.ovsdb.Interface;
import org.nucleon.server.config.ApiAddress;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Removes a guest that {@code plug} made; its port stays. */
@Command(
    name = "unplug",
    description = "Removes a guest that plug made; its port stays, unbound.",
    mixinStandardHelpOptions = true)
final class Unplug implements Callable<Integer> {

  @Spec private CommandSpec spec = CommandSpec.create();

  @Parameters(paramLabel = "NAME", description = "the guest's name")
  private String name = "";

  @Option(
      names = "--port",
      paramLabel = "PORT",
      description = "where the API is on 127.0.0.1 (default: ${DEFAULT-VALUE})")
  private int apiPort = ApiAddress.PORT;

  @Override
  public Integer call() throws Refusal {
    PrintWriter out = spec.commandLine().getOut();
    try (LocalSwitch local = LocalSwitch.open()) {
      Interface device = local.guest(name);
      if (device == null) {
        throw new Refusal("no guest " + name + " was made by plug on this host");
      }
      local.unplug(device.name());
      Guest.remove(name);
      out.println("guest " + name + " is removed");
      out.flush();
      String port = device.externalIds().get("iface-id");
      if (port != null) {
        unbind(port, out);
      }
      return 0;
    } catch (IOException e) {
      throw new Refusal("cannot remove the guest: " + Causes.plain(e));
    }
  }

  /** The port may be gone, or the server: the guest is removed all the same. */
  private void unbind(String port, PrintWriter out) {
    try {
      new ApiClient(apiPort)
          .update("ports", "port", port, Map.of("binding:host_id", "", "device_id", ""));
    } catch (Refusal e) {
      out.println("the port was not unbound: " + LogLine.escaped(String.valueOf(e.getMessage())));
      out.flush();
    }
  }
}
