package org.nucleon.lab;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import tools.jackson.databind.JsonNode;

/** A cloud in a lab: one Nucleon server on a machine of its own, and an agent on each host. */
public final class Cloud implements AutoCloseable {

  /** The physical network that hosts' br-ex is on. */
  public static final String PUBLIC = "public";

  /** The controller's address on the management network. */
  public static final String ADDRESS = "192.168.200.254";

  private static final Pattern READY = Pattern.compile("ready in \\d+ ms");
  private static final Duration LIMIT = Duration.ofSeconds(30);

  private final Lab lab;
  private final Path options;
  private final Machine controller;
  private final Map<String, Daemon> agents = new HashMap<>();
  private final Api api;
  private Daemon server;
  private int starts;

  private Cloud(Lab lab, String options) {
    this.lab = lab;
    this.options = lab.folder().resolve("server.ini");
    write(this.options, "[DEFAULT]\n" + options);
    controller = Machine.boot("controller", lab.folder());
    lab.management().attach(controller, "mgmt0");
    controller.script("ip addr add " + ADDRESS + "/24 dev mgmt0");
    server = startServer();
    api = Api.on(controller, 9696);
  }

  /** Starts a server, and an agent on each host, and waits until the API shows them alive. */
  public static Cloud on(Lab lab, LabHost... hosts) {
    return with(lab, "", hosts);
  }

  /** The same, with options of the server's section DEFAULT, one a line. */
  public static Cloud with(Lab lab, String options, LabHost... hosts) {
    return with(lab, options, "", hosts);
  }

  /** The same, with options of the agents' section agent as well; further sections may follow. */
  public static Cloud with(Lab lab, String options, String agentOptions, LabHost... hosts) {
    Cloud cloud = server(lab, options);
    for (LabHost host : hosts) {
      cloud.enroll(host);
      cloud.configure(host, host.tunnelAddress(), "vxlan", agentOptions);
      cloud.startAgent(host);
    }
    for (LabHost host : hosts) {
      cloud.awaitAlive(host);
    }
    return cloud;
  }

  /** Starts a server alone; options as above, further sections may follow them. */
  public static Cloud server(Lab lab, String options) {
    return new Cloud(lab, options);
  }

  /**
   * Starts the agents of hosts with tunnels of some types, and waits until the API shows them
   * alive.
   *
   * @param tunnelTypes between commas
   */
  public void join(String tunnelTypes, LabHost... hosts) {
    for (LabHost host : hosts) {
      enroll(host);
      configure(host, host.tunnelAddress(), tunnelTypes, "");
      startAgent(host);
    }
    for (LabHost host : hosts) {
      awaitAlive(host);
    }
  }

  /** The API, as an administrator. */
  public Api api() {
    return api;
  }

  /** Plays Nova's metadata API on the machine that the server runs on. */
  public Daemon serveMetadata(int port) {
    return new Endpoint(controller, lab.folder()).serveMetadata(port);
  }

  /** The machine that the server runs on. */
  public Machine controller() {
    return controller;
  }

  private Daemon startServer() {
    return NucleonProcess.startReady(
        controller,
        "server" + ++starts,
        READY,
        "server",
        "--state",
        "/var/lib/nucleon",
        "--config-file",
        options.toString());
  }

  /** What the server has written to its log. */
  public String serverLog() {
    return server.log();
  }

  /** Ends the server at once, as {@code kill -9} does. */
  public void killServer() {
    server.kill();
    server.awaitEnd();
  }

  /** Starts the server again on what it kept. */
  public void restartServer() {
    server = startServer();
  }

  /** Lets the agent of a host in. */
  public void enroll(LabHost host) {
    NucleonProcess.run(
            controller,
            "enroll",
            host.name(),
            "--state",
            "/var/lib/nucleon",
            "--server",
            "https://" + ADDRESS + ":9697",
            "--out",
            enrollment(host).toString())
        .expectSuccess();
  }

  /**
   * Says how a host's agent is to be when it starts next.
   *
   * @param options further lines of its section agent
   */
  public void configure(LabHost host, String localIp, String tunnelTypes, String options) {
    String mappings =
        host.bridges().entrySet().stream()
            .map(mapping -> mapping.getKey() + ":" + mapping.getValue())
            .collect(Collectors.joining(","));
    write(
        configuration(host),
        """
        [ovs]
        local_ip = %s
        datapath_type = netdev
        bridge_mappings = %s
        [agent]
        tunnel_types = %s
        %s
        """
            .formatted(localIp, mappings, tunnelTypes, options));
  }

  private static void write(Path file, String text) {
    try {
      Files.writeString(file, text);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private Path enrollment(LabHost host) {
    return lab.folder().resolve(host.name() + "-enrollment.json");
  }

  private Path configuration(LabHost host) {
    return lab.folder().resolve(host.name() + "-agent.ini");
  }

  /** Starts a host's agent, on what an earlier one kept. */
  public Daemon startAgent(LabHost host) {
    Daemon agent =
        NucleonProcess.start(
            host.machine(),
            "agent" + ++starts,
            "agent",
            "--state",
            "/var/lib/nucleon",
            "--enrollment",
            enrollment(host).toString(),
            "--config-file",
            configuration(host).toString());
    agents.put(host.name(), agent);
    return agent;
  }

  /** The running agent of a host. */
  public Daemon agent(LabHost host) {
    Daemon agent = agents.get(host.name());
    if (agent == null) {
      throw new LabException("no agent was started on " + host);
    }
    return agent;
  }

  /** What a host's agent says is asked and not there, or there and not asked. */
  public String difference(LabHost host) {
    return NucleonProcess.run(host.machine(), "agent", "diff", "--state", "/var/lib/nucleon").out();
  }

  /** Waits until the API shows a host's agents alive. */
  public void awaitAlive(LabHost host) {
    Eventually.within(
        LIMIT,
        "the agents of " + host + " are alive",
        () -> {
          List<JsonNode> shown = api.list("agent", Map.of("host", host.name()));
          return !shown.isEmpty() && shown.stream().allMatch(a -> a.get("alive").asBoolean());
        });
  }

  /** Lifts the quotas of resource types. */
  public void unlimited(String... types) {
    String project =
        api.send("GET", "/v2.0/quotas/project", Map.of())
            .body()
            .required("project")
            .get("project_id")
            .asString();
    Map<String, Object> limits = new LinkedHashMap<>();
    for (String type : types) {
      limits.put(type, -1);
    }
    api.send("PUT", "/v2.0/quotas/" + project, Map.of("quota", limits));
  }

  /** Makes a network with one IPv4 subnet; the network's id. */
  public String network(String name, String cidr) {
    String network = api.create("network", Map.of("name", name)).get("id").asString();
    subnet(network, cidr, Map.of());
    return network;
  }

  /**
   * Makes a network that is carried in a certain way, with one IPv4 subnet without DHCP; its id.
   *
   * @param segments each {@code type}, {@code type,physical network} or {@code type,physical
   *     network,number}
   */
  public String network(String name, String cidr, String... segments) {
    List<Map<String, Object>> carriers = new ArrayList<>();
    for (String segment : segments) {
      String[] parts = segment.split(",", -1);
      Map<String, Object> carrier = new LinkedHashMap<>();
      carrier.put("provider:network_type", parts[0]);
      if (parts.length > 1) {
        carrier.put("provider:physical_network", parts[1]);
      }
      if (parts.length > 2) {
        carrier.put("provider:segmentation_id", Integer.valueOf(parts[2]));
      }
      carriers.add(carrier);
    }
    String network =
        api.create("network", Map.of("name", name, "segments", carriers)).get("id").asString();
    subnet(network, cidr, Map.of("enable_dhcp", false));
    return network;
  }

  /** Makes a subnet; its id. */
  public String subnet(String network, String cidr, Map<String, ?> more) {
    Map<String, Object> attributes = new LinkedHashMap<>();
    attributes.put("network_id", network);
    attributes.put("ip_version", 4);
    attributes.put("cidr", cidr);
    attributes.putAll(more);
    return api.create("subnet", attributes).get("id").asString();
  }

  /** Makes the external network of the lab's internet; its id. */
  public String externalNetwork() {
    String network =
        api.create(
                "network",
                Map.of(
                    "name",
                    "public",
                    "router:external",
                    true,
                    "provider:network_type",
                    "flat",
                    "provider:physical_network",
                    PUBLIC))
            .get("id")
            .asString();
    subnet(network, Internet.CIDR, Map.of("gateway_ip", Internet.GATEWAY, "enable_dhcp", false));
    return network;
  }

  /**
   * Makes a port bound to a host and a guest plugged into it, as Nova would by what the port says
   * of it, and waits until it is ACTIVE.
   */
  public Guest guest(LabHost host, String name, String network, Map<String, ?> more) {
    Map<String, Object> attributes = new LinkedHashMap<>();
    attributes.put("network_id", network);
    attributes.put("name", name);
    attributes.put("binding:host_id", host.name());
    attributes.put("device_owner", "compute:nova");
    attributes.put("device_id", name);
    attributes.putAll(more);
    JsonNode port = api.create("port", attributes);
    Guest guest = host.guest(name);
    String id = port.get("id").asString();
    if (port.get("binding:vif_details").path("ovs_hybrid_plug").asBoolean(false)) {
      guest.plugHybrid(id, port.get("mac_address").asString());
    } else {
      guest.plug(id, port.get("mac_address").asString());
    }
    awaitStatus("port", id, "ACTIVE");
    return guest;
  }

  /** The same, the guest set up by hand with its port's first address and its network's MTU. */
  public Guest settled(LabHost host, String name, String network, Map<String, ?> more) {
    Guest guest = guest(host, name, network, more);
    JsonNode shown = api.show("network", network);
    JsonNode subnet = api.show("subnet", shown.get("subnets").get(0).asString());
    guest.address(address(name) + subnet.get("cidr").asString().replaceFirst(".*/", "/"));
    guest.machine().exec("ip", "link", "set", Guest.DEVICE, "mtu", shown.get("mtu").asString());
    return guest;
  }

  /** The id of the port of that name. */
  public String port(String name) {
    return api.list("port", Map.of("name", name)).getFirst().get("id").asString();
  }

  /** The first address of the port of that name. */
  public String address(String name) {
    return api.list("port", Map.of("name", name))
        .getFirst()
        .get("fixed_ips")
        .get(0)
        .get("ip_address")
        .asString();
  }

  /** Waits until a resource has a status. */
  public void awaitStatus(String type, String id, String status) {
    Eventually.within(
        LIMIT,
        type + " " + id + " is " + status,
        () -> api.show(type, id).toString(),
        shown -> shown.contains("\"status\":\"" + status + "\""));
  }

  /** Ends the server and what speaks to it; hosts are the lab's to end. */
  @Override
  public void close() {
    api.close();
    controller.close();
  }
}
