package org.nucleon.host.iptables;

import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Set;
import org.nucleon.host.namespace.NetworkNamespace;

/** The sets of addresses of one namespace that rules can name. */
public final class IpSets {

  private final NetworkNamespace namespace;

  private IpSets(NetworkNamespace namespace) {
    this.namespace = namespace;
  }

  /**
   * A set as it is.
   *
   * @param type with its options, such as {@code hash:net family inet ...}
   * @param members what is in it, as ipset writes it
   */
  public record Saved(String type, Set<String> members) {}

  /** Those of a namespace. */
  public static IpSets in(NetworkNamespace namespace) {
    return new IpSets(namespace);
  }

  /** Whether the host has the program. */
  public static boolean isInstalled() {
    return Program.exists("ipset");
  }

  /**
   * Reads all sets.
   *
   * @throws IOException if they cannot be read
   */
  public Map<String, Saved> save() throws IOException {
    return parse(Program.run(namespace, "", "ipset", "save").output());
  }

  /** Reads what ipset writes. */
  static Map<String, Saved> parse(String saved) {
    Map<String, Saved> sets = new LinkedHashMap<>();
    for (String line : saved.lines().toList()) {
      String[] words = line.split(" ", 3);
      if (words.length == 3 && words[0].equals("create")) {
        sets.put(words[1], new Saved(words[2], new LinkedHashSet<>()));
      } else if (words.length == 3 && words[0].equals("add")) {
        Saved set = sets.get(words[1]);
        if (set != null) {
          set.members().add(words[2].split(" ", 2)[0]);
        }
      }
    }
    return sets;
  }

  /**
   * Changes sets, line by line: what comes after a line that is refused is not done. What is there
   * already, or not there any more, is no error.
   *
   * @param commands as {@code ipset restore} reads them
   * @throws IOException with the program's words if a line is refused
   */
  public void restore(String commands) throws IOException {
    Program.run(namespace, commands, "ipset", "restore", "-exist");
  }
}
