package org.nucleon.host.iptables;

import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.nucleon.host.namespace.NetworkNamespace;

/** The tables of iptables and ip6tables in one namespace. */
public final class Iptables {

  private final NetworkNamespace namespace;

  private Iptables(NetworkNamespace namespace) {
    this.namespace = namespace;
  }

  /** Those of a namespace. */
  public static Iptables in(NetworkNamespace namespace) {
    return new Iptables(namespace);
  }

  /** Whether the host has the programs. */
  public static boolean isInstalled() {
    return Program.exists("iptables-restore") && Program.exists("ip6tables-restore");
  }

  /**
   * Reads all tables.
   *
   * @return by table and chain the rules, in order
   * @throws IOException if they cannot be read
   */
  public Map<String, Map<String, List<Rule>>> save(Ip version) throws IOException {
    return parse(Program.run(namespace, "", version.program() + "-save").output());
  }

  /** Reads what iptables-save writes. */
  static Map<String, Map<String, List<Rule>>> parse(String saved) {
    Map<String, Map<String, List<Rule>>> tables = new LinkedHashMap<>();
    Map<String, List<Rule>> table = new LinkedHashMap<>();
    for (String line : saved.lines().toList()) {
      if (line.startsWith("*")) {
        table = new LinkedHashMap<>();
        tables.put(line.substring(1), table);
      } else if (line.startsWith(":")) {
        table.put(line.substring(1).split(" ", 2)[0], new ArrayList<>());
      } else if (line.startsWith("-A ")) {
        String[] words = line.split(" ", 3);
        table
            .computeIfAbsent(words[1], _ -> new ArrayList<>())
            .add(Rule.of(words.length > 2 ? words[2] : ""));
      }
    }
    return tables;
  }

  /**
   * Changes tables, each as a whole or not at all. Chains that are not mentioned stay; those that
   * are declared are emptied. Waits while another program changes them.
   *
   * @param commands as iptables-restore reads them
   * @return the process id under which it was done, which is also the port id in events of nftables
   * @throws IOException with the program's words if it is refused
   */
  public long restore(Ip version, String commands) throws IOException {
    return Program.run(namespace, commands, version.program() + "-restore", "--noflush", "-w", "20")
        .pid();
  }
}
