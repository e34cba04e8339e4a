package org.nucleon.server.config;

import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import org.nucleon.core.feature.Option;

/**
 * What configuration files say to no effect here: a function of what they say and what is in use.
 *
 * @param sections sections of which nothing is in use: of other services, or of what is not here
 * @param options options of other sections that nothing asked for, each with the name that may have
 *     been meant
 * @param renamed options under an older name, each with the one that they have now
 */
public record Unused(Set<String> sections, List<String> options, List<String> renamed) {

  /** A name with so many letters changed, missing or too many may be a slip. */
  private static final int SLIP = 2;

  static Unused of(Collection<String> written, Collection<Option<?>> used) {
    Set<String> known = new HashSet<>();
    Set<String> here = new HashSet<>();
    List<String> renamed = new ArrayList<>();
    for (Option<?> option : used) {
      known.add(option.toString());
      here.add("[" + option.section() + "]");
      for (String old : option.formerly()) {
        known.add(old);
        if (written.contains(old)) {
          renamed.add(old + " is now " + option);
        }
      }
    }
    Set<String> sections = new LinkedHashSet<>();
    List<String> options = new ArrayList<>();
    for (String name : new TreeSet<>(written)) {
      String section = name.substring(0, name.indexOf(']') + 1);
      if (known.contains(name)) {
        continue;
      }
      if (here.contains(section)) {
        options.add(name + near(name, known).map(" (is %s meant?)"::formatted).orElse(""));
      } else {
        sections.add(section);
      }
    }
    return new Unused(sections, options, renamed);
  }

  private static Optional<String> near(String name, Set<String> known) {
    return known.stream().sorted().filter(one -> distance(name, one) <= SLIP).findFirst();
  }

  /** Letters to change, add or leave out (Levenshtein). */
  private static int distance(String one, String other) {
    int[] row = new int[other.length() + 1];
    for (int j = 0; j < row.length; j++) {
      row[j] = j;
    }
    for (int i = 1; i <= one.length(); i++) {
      int diagonal = row[0];
      row[0] = i;
      for (int j = 1; j < row.length; j++) {
        int changed = diagonal + (one.charAt(i - 1) == other.charAt(j - 1) ? 0 : 1);
        diagonal = row[j];
        row[j] = Math.min(changed, 1 + Math.min(row[j], row[j - 1]));
      }
    }
    return row[other.length()];
  }

  /** One line for each kind of it, for an operator to read; none if there is nothing. */
  public List<String> lines() {
    List<String> lines = new ArrayList<>();
    if (!options.isEmpty()) {
      lines.add("not known and without effect: " + String.join(", ", options));
    }
    if (!renamed.isEmpty()) {
      lines.add("an older name that still does: " + String.join(", ", renamed));
    }
    if (!sections.isEmpty()) {
      lines.add(
          "sections of other services or of what is not here: " + String.join(", ", sections));
    }
    return lines;
  }
}
