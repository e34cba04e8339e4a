package org.nucleon.bench;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.nucleon.core.json.Json;
import org.nucleon.core.json.MalformedJson;
import org.nucleon.server.watch.Enrollment;

/**
 * Many hosts on one running server: how long until all have what concerns them, and how long until
 * a change is with the hosts that it concerns. The hosts are watch clients in this process, which
 * shares the machine with the server. Each network is a project's own and has ports on four hosts,
 * so that each host is on two networks.
 */
public final class WatchBench {

  private static final int HOSTS_OF_NETWORK = 4;
  private static final int BULK = 100;
  private static final int CHANGES = 200;
  private static final int LIMIT_SECONDS = 300;

  private final Connection api;
  private final List<SimulatedHost> hosts = new ArrayList<>();

  private WatchBench(Connection api) {
    this.api = api;
  }

  /**
   * Runs the benchmark.
   *
   * @param arguments the server's state folder, the ports of its API and of its agents' listener,
   *     and how many hosts and ports there are to be: 1,000 and 50,000
   */
  public static void main(String[] arguments) throws Exception {
    Path state = Path.of(arguments[0]);
    int apiPort = Integer.parseInt(arguments[1]);
    int agentPort = Integer.parseInt(arguments[2]);
    int count = arguments.length > 3 ? Integer.parseInt(arguments[3]) : 1_000;
    int ports = arguments.length > 4 ? Integer.parseInt(arguments[4]) : 50_000;
    Enrollment enrollment = new Enrollment(state.resolve("enrolled"));
    try (Connection api = new Connection(apiPort)) {
      api.liftQuota();
      WatchBench bench = new WatchBench(api);
      for (int i = 0; i < count; i++) {
        String name = "sim" + i;
        bench.hosts.add(new SimulatedHost(name, enrollment.enroll(name), agentPort, i));
      }
      bench.connect("hosts without ports", 0);
      bench.awaitAgents(count);
      bench.fill(ports);
      bench.disconnect();
      bench.connect("snapshots after all came back at once", ports);
      bench.change();
      bench.disconnect();
    }
  }

  /** Connects all hosts at once; done when each has its first update, and all ports together. */
  private void connect(String what, int ports) throws InterruptedException {
    Figures first = Figures.of(what);
    CountDownLatch begun = new CountDownLatch(hosts.size());
    long start = System.nanoTime();
    hosts.forEach(host -> host.connect(begun));
    if (!begun.await(LIMIT_SECONDS, TimeUnit.SECONDS)) {
      throw new IllegalStateException(begun.getCount() + " hosts have heard nothing");
    }
    int seen = hosts.stream().mapToInt(SimulatedHost::ports).sum();
    if (seen < ports) {
      throw new IllegalStateException("the hosts have heard of " + seen + " ports");
    }
    hosts.forEach(host -> first.add(start, host.firstHeard()));
    first.print();
  }

  private void disconnect() throws InterruptedException {
    for (SimulatedHost host : hosts) {
      host.disconnect();
    }
  }

  private void awaitAgents(int count) throws IOException, MalformedJson {
    while (items("/agents?fields=id&alive=true", "agents").size() < count) {
      Thread.onSpinWait();
    }
  }

  private List<?> items(String path, String name) throws IOException, MalformedJson {
    Map<?, ?> answer = (Map<?, ?>) Objects.requireNonNull(Json.parse(api.send("GET", path, "")));
    return (List<?>) Objects.requireNonNull(answer.get(name));
  }

  private String create(String collection, String type, String body)
      throws IOException, MalformedJson {
    byte[] answer = api.send("POST", "/" + collection, "{\"" + type + "\":" + body + "}");
    Map<?, ?> made = (Map<?, ?>) Objects.requireNonNull(Json.parse(answer));
    return String.valueOf(((Map<?, ?>) Objects.requireNonNull(made.get(type))).get("id"));
  }

  /** Networks with ports on four hosts each, made a network at a time while all hosts watch. */
  private void fill(int ports) throws IOException, MalformedJson {
    long start = System.nanoTime();
    int networks = hosts.size() * 2 / HOSTS_OF_NETWORK;
    int each = ports / networks;
    for (int n = 0; n < networks; n++) {
      String project = "\"project_id\":\"sim" + n + "\"";
      String network = create("networks", "network", "{" + project + "}");
      create(
          "subnets",
          "subnet",
          "{\"enable_dhcp\":false,\"ip_version\":4,\"cidr\":\"10.0.0.0/16\",\"network_id\":\""
              + network
              + "\","
              + project
              + "}");
      for (int from = 0; from < each; from += BULK) {
        List<String> bodies = new ArrayList<>();
        for (int i = from; i < Math.min(each, from + BULK); i++) {
          int host = (n * 2 + i % HOSTS_OF_NETWORK) % hosts.size();
          bodies.add(
              "{\"network_id\":\""
                  + network
                  + "\",\"binding:host_id\":\"sim"
                  + host
                  + "\","
                  + project
                  + "}");
        }
        api.send("POST", "/ports", "{\"ports\":[" + String.join(",", bodies) + "]}");
      }
    }
    double seconds = (System.nanoTime() - start) / 1e9;
    System.out.printf(
        Locale.ROOT,
        "%d ports on %d networks made in %.1f s while %d hosts watched%n",
        each * networks,
        networks,
        seconds,
        hosts.size());
  }

  /** Changes one port after the other, and takes the time until each host on its network knows. */
  private void change() throws IOException, MalformedJson, InterruptedException {
    List<?> ports = items("/ports?fields=id&fields=network_id&limit=" + CHANGES, "ports");
    Figures arrived = Figures.of("change asked for to known on a host");
    Figures answered = Figures.of("change asked for to answered");
    for (int i = 0; i < ports.size(); i++) {
      Map<?, ?> port = (Map<?, ?>) ports.get(i);
      String mark = "change-" + i + "-";
      CountDownLatch known = new CountDownLatch(HOSTS_OF_NETWORK);
      hosts.forEach(host -> host.expect(mark, known));
      long start = System.nanoTime();
      api.send("PUT", "/ports/" + port.get("id"), "{\"port\":{\"name\":\"" + mark + "\"}}");
      answered.add(start, System.nanoTime());
      if (!known.await(LIMIT_SECONDS, TimeUnit.SECONDS)) {
        throw new IllegalStateException(known.getCount() + " hosts do not know of " + mark);
      }
      for (SimulatedHost host : hosts) {
        long when = host.heardOf(mark);
        if (when != 0) {
          arrived.add(start, when);
        }
      }
    }
    answered.print();
    arrived.print();
  }
}
