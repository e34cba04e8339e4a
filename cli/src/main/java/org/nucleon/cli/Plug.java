package org.nucleon.cli;

import java.io.IOException;
import java.io.PrintWriter;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.nucleon.core.schema.Values;
import org.nucleon.server.config.ApiAddress;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/**
 * Makes a guest on a port of this host: a namespace with a device that takes its address by DHCP.
 */
@Command(
    name = "plug",
    description = "Makes a guest, a network namespace, on a port of this host.",
    mixinStandardHelpOptions = true)
final class Plug implements Callable<Integer> {

  private static final Pattern NAME = Pattern.compile("[A-Za-z0-9][A-Za-z0-9._-]{0,62}");
  private static final long WAIT_SECONDS = 30;

  @Spec private CommandSpec spec = CommandSpec.create();

  @Parameters(index = "0", paramLabel = "PORT", description = "the port's id or name")
  private String port = "";

  @Parameters(index = "1", paramLabel = "NAME", description = "the guest's name")
  private String name = "";

  @Option(
      names = "--port",
      paramLabel = "PORT",
      description = "where the API is on 127.0.0.1 (default: ${DEFAULT-VALUE})")
  private int apiPort = ApiAddress.PORT;

  @Option(
      names = "--host",
      paramLabel = "NAME",
      description = "this host's name, as its agent has it (default: the kernel's)")
  private @Nullable String host;

  @Override
  public Integer call() throws Refusal, InterruptedException {
    if (!NAME.matcher(name).matches()) {
      throw new Refusal("'" + name + "' cannot be a guest's name");
    }
    ApiClient api = new ApiClient(apiPort);
    Map<?, ?> found = find(api);
    String id = String.valueOf(found.get("id"));
    String mac = String.valueOf(found.get("mac_address"));
    try (LocalSwitch local = LocalSwitch.open()) {
      if (local.guest(name) != null) {
        throw new Refusal("there is a guest " + name + " already; 'nucleon unplug " + name + "'");
      }
      String on =
          host == null ? RunningAgent.hostName(RunningServer.configuration(List.of())) : host;
      Map<?, ?> bound =
          api.update("ports", "port", id, Map.of("binding:host_id", on, "device_id", name));
      if ("binding_failed".equals(bound.get("binding:vif_type"))) {
        Object reason =
            bound.get("binding:vif_details") instanceof Map<?, ?> details
                ? details.get("reason")
                : "";
        throw new Refusal("the port cannot be bound to host " + on + ": " + reason);
      }
      Map<?, ?> network = api.show("networks", "network", String.valueOf(found.get("network_id")));
      int mtu = network.get("mtu") instanceof Number number ? number.intValue() : 1_500;
      Guest guest = Guest.make(name, id, mac, mtu);
      local.plug(guest.device(), id, mac, name);
      awaitActive(api, id);
      List<String> addresses = addresses(found);
      // What has IPv6 alone configures itself from what its router advertises.
      boolean asks = addresses.isEmpty() || addresses.stream().anyMatch(a -> a.indexOf(':') < 0);
      report(guest, asks ? guest.takeAddress() : String.join(", ", addresses));
      return 0;
    } catch (IOException e) {
      throw new Refusal("cannot make the guest: " + Causes.plain(e));
    }
  }

  private static List<String> addresses(Map<?, ?> port) {
    List<String> addresses = new ArrayList<>();
    if (port.get("fixed_ips") instanceof List<?> all) {
      for (Object one : all) {
        if (one instanceof Map<?, ?> fixedIp) {
          addresses.add(String.valueOf(fixedIp.get("ip_address")));
        }
      }
    }
    return addresses;
  }

  private Map<?, ?> find(ApiClient api) throws Refusal {
    String query =
        (Values.parseUuid(port).isPresent() ? "id=" : "name=")
            + URLEncoder.encode(port, StandardCharsets.UTF_8);
    Map<?, ?> found = api.find("ports", query);
    if (found == null) {
      throw new Refusal("there is no port " + port);
    }
    return found;
  }

  private static void awaitActive(ApiClient api, String id) throws Refusal, InterruptedException {
    long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(WAIT_SECONDS);
    while (!"ACTIVE".equals(api.show("ports", "port", id).get("status"))) {
      if (System.nanoTime() > end) {
        throw new Refusal(
            "the port is plugged but not ACTIVE after "
                + WAIT_SECONDS
                + " s; 'nucleon agent diff' may tell why");
      }
      TimeUnit.MILLISECONDS.sleep(20);
    }
  }

  private void report(Guest guest, String address) {
    PrintWriter out = spec.commandLine().getOut();
    out.println("guest " + guest.name() + " is up with " + address);
    out.println("run a command in it: ip netns exec " + guest.name() + " ping -c 3 ADDRESS");
    out.flush();
  }
}
