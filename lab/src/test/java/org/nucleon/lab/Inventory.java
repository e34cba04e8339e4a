package org.nucleon.lab;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** All that an agent may leave on a host, as lines of text, to compare. */
final class Inventory {

  /** The register that holds the number of the port that a packet goes to. */
  private static final Pattern TARGET =
      Pattern.compile("(?<=reg7=)0x[0-9a-f]+|0x[0-9a-f]+(?=->reg7)");

  private final LabHost host;
  private final List<String> lines;

  private Inventory(LabHost host, List<String> lines) {
    this.host = host;
    this.lines = lines;
  }

  /** Namespaces, links, switch ports, flows, kept numbers, programs and their files. */
  static Inventory of(LabHost host) {
    String text =
        host.machine()
            .script(
                """
                ip netns list | cut -d' ' -f1 | sed 's/^/namespace /'
                ls /sys/class/net | sed 's/^/link /'
                for bridge in $(ovs-vsctl list-br); do
                  ovs-vsctl list-ports $bridge | sed "s/^/$bridge port /"
                  ovs-vsctl get Bridge $bridge external_ids |
                      tr -d '{} ' | tr , '\\n' | sed "s/^/$bridge keeps /"
                  ovs-ofctl -O OpenFlow15 --names --no-stats dump-flows $bridge | sed "s/^/$bridge/"
                done
                ps -eo args | grep -E '^[^ ]*(dnsmasq|radvd|keepalived|haproxy)' || true
                find /var/lib/nucleon -mindepth 2 -name 'journal.*' -prune -o \
                    -name snapshot.json -prune -o -type f -print | sed 's/^/file /'
                """);
    Map<String, String> ports = ports(host);
    return new Inventory(host, text.lines().map(line -> named(line, ports)).sorted().toList());
  }

  /** Names by number: a switch that is restarted may number its ports anew. */
  private static Map<String, String> ports(LabHost host) {
    return host.ovs()
        .vsctl("--format=csv", "--no-headings", "--columns=ofport,name", "list", "Interface")
        .lines()
        .map(line -> line.split(","))
        .filter(line -> line[1].startsWith("tap"))
        .collect(Collectors.toMap(line -> line[0], line -> line[1], (one, _) -> one));
  }

  /** A flow's parts in an order that its ports' numbers do not decide; other lines as they are. */
  private static String named(String line, Map<String, String> ports) {
    if (!line.contains("cookie=")) {
      return line;
    }
    String named =
        TARGET
            .matcher(line)
            .replaceAll(
                found -> ports.getOrDefault(Long.decode(found.group()).toString(), found.group()));
    return Arrays.stream(named.split("[ ,]+|(?<=actions=)"))
        .sorted()
        .collect(Collectors.joining(" "));
  }

  /** What is there now and was not, marked +, and what was there and is not, marked -. */
  List<String> changes() {
    List<String> now = new ArrayList<>(of(host).lines);
    List<String> changes = new ArrayList<>();
    for (String line : lines) {
      if (!now.remove(line)) {
        changes.add("- " + line);
      }
    }
    now.forEach(line -> changes.add("+ " + line));
    return changes;
  }

  @Override
  public String toString() {
    return host.toString();
  }
}
