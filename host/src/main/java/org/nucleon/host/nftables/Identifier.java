package org.nucleon.host.nftables;

import java.util.regex.Pattern;

/** The rule for names of tables, chains, sets and maps. */
final class Identifier {
  private static final Pattern NAME = Pattern.compile("[A-Za-z_][A-Za-z0-9_-]{0,62}");

  private Identifier() {}

  /**
   * Returns {@code name} if it can stand in a ruleset without quotes.
   *
   * @throws IllegalArgumentException if not
   */
  static String check(String name) {
    if (!NAME.matcher(name).matches()) {
      throw new IllegalArgumentException("not a name in nftables: " + name);
    }
    return name;
  }
}
