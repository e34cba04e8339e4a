package org.nucleon.lab;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * A data centre of namespaces: hosts on a management network and an underlay, and an internet.
 * Several can be open in one process without seeing each other. Not for use by several threads at
 * once.
 *
 * <p>Runs only under {@code lab/namespaced/enter}.
 */
public final class Lab implements AutoCloseable {
  private static final Path ROOT = Path.of("/run/lab");

  private final Path folder;
  private final Deque<AutoCloseable> open = new ArrayDeque<>();
  private final List<LabHost> hosts = new ArrayList<>();
  private final Segment management;
  private final Segment underlay;
  private @Nullable Internet internet;

  private Lab(Path folder) {
    this.folder = folder;
    management = keep(Segment.on(Machine.boot("management", folder)));
    underlay = keep(Segment.on(Machine.boot("underlay", folder)));
  }

  /**
   * Makes a lab without hosts.
   *
   * @return the lab: its two segments, nothing on them
   * @throws IllegalStateException outside of the lab's namespaces
   */
  public static Lab open() {
    if (System.getenv("NUCLEON_LAB") == null) {
      throw new IllegalStateException("a lab runs only under lab/namespaced/enter");
    }
    try {
      Path folder = Files.createTempDirectory(Files.createDirectories(ROOT), "lab-");
      Script.DHCP.install(folder);
      Script.PROBE.install(folder);
      return new Lab(folder);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /**
   * Boots a host.
   *
   * @param name its host name, at most 13 characters, unique in the lab
   * @return the host, its Open vSwitch running, without br-ex
   */
  public LabHost host(String name) {
    int number = hosts.size() + 1;
    LabHost host =
        keep(new LabHost(Machine.boot(name, folder), number, folder, management, underlay));
    hosts.add(host);
    return host;
  }

  /**
   * Boots a host that reaches the external network, for network nodes.
   *
   * @param name its host name, at most 13 characters, unique in the lab
   * @return the host, with br-ex
   */
  public LabHost hostWithExternal(String name) {
    Segment external = internet().external();
    return host(name).withExternal(external);
  }

  /**
   * Its internet, made at the first call.
   *
   * @return the internet
   */
  public Internet internet() {
    Internet made = internet;
    if (made == null) {
      made = keep(new Internet(folder));
      internet = made;
    }
    return made;
  }

  /**
   * Its hosts.
   *
   * @return in the order of their making
   */
  public List<LabHost> hosts() {
    return List.copyOf(hosts);
  }

  /**
   * The network that carries the tunnels.
   *
   * @return the segment with every host's under0
   */
  public Segment underlay() {
    return underlay;
  }

  /**
   * The network that carries the API and the watch.
   *
   * @return the segment with every host's mgmt0
   */
  public Segment management() {
    return management;
  }

  /**
   * Makes another network, of the operator's: hosts are put on it by {@link LabHost#physical}.
   *
   * @param name a host name, unique in the lab
   * @return the segment, nothing on it
   */
  public Segment segment(String name) {
    return keep(Segment.on(Machine.boot(name, folder)));
  }

  /**
   * A folder for files that every machine sees at the same path.
   *
   * @return the lab's folder; every daemon's log is below it
   */
  public Path folder() {
    return folder;
  }

  /**
   * Lets {@code nucleon lab shell} and {@code exec} find the machines: hosts, guests and the
   * server.
   */
  public void publish() {
    List<Machine> machines = new ArrayList<>();
    for (LabHost host : hosts) {
      machines.add(host.machine());
      host.guests().forEach(guest -> machines.add(guest.machine()));
    }
    if (internet != null) {
      machines.add(internet.server().machine());
      machines.add(internet.router());
    }
    machines.add(underlay.machine());
    try {
      Path names = Files.createDirectories(ROOT.resolve("machines"));
      for (Machine machine : machines) {
        Files.writeString(names.resolve(machine.name()), machine.pid() + "\n");
      }
      Files.writeString(ROOT.resolve("first"), machines.getFirst().name() + "\n");
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /**
   * What one wants to read after a failure: the end of every log, and every switch's ports and
   * flows.
   *
   * @return a text of many lines
   */
  public String report() {
    StringBuilder report = new StringBuilder();
    for (LabHost host : hosts) {
      section(report, host + ": ovs-vsctl show", host.machine().attempt("ovs-vsctl", "show").out());
      for (String version : List.of("iptables-save", "ip6tables-save")) {
        section(report, host + ": " + version, host.machine().attempt(version).out());
      }
      String bridges = host.machine().attempt("ovs-vsctl", "list-br").out();
      for (String bridge : bridges.lines().toList()) {
        Output flows =
            host.machine().attempt("ovs-ofctl", "-O", "OpenFlow14", "dump-flows", bridge);
        section(report, host + ": flows of " + bridge, flows.out() + flows.err());
      }
    }
    try (Stream<Path> files = Files.walk(folder)) {
      for (Path log : files.filter(path -> path.toString().endsWith(".log")).sorted().toList()) {
        List<String> lines = Files.readAllLines(log);
        List<String> tail = lines.subList(Math.max(0, lines.size() - 40), lines.size());
        if (!tail.isEmpty()) {
          section(report, folder.relativize(log).toString(), String.join("\n", tail));
        }
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return report.toString();
  }

  /** Ends everything that was made, the last first. Its folder stays until the namespaces end. */
  @Override
  public void close() {
    while (!open.isEmpty()) {
      try {
        open.pop().close();
      } catch (Exception e) {
        throw new LabException("the lab does not end cleanly", e);
      }
    }
  }

  private <T extends AutoCloseable> T keep(T made) {
    open.push(made);
    return made;
  }

  private static void section(StringBuilder report, String title, String text) {
    report.append("\n--- ").append(title).append('\n').append(text.stripTrailing()).append('\n');
  }
}
