package org.nucleon.host.iptables;

import java.io.IOException;
import java.net.InetAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collections;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.Locale;
import java.util.Map;
import java.util.SortedSet;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * A rule of a chain, as iptables is told it. What iptables-save says of it differs from that in the
 * order of options, in names for numbers and in the way that addresses are written: rules are equal
 * if they mean the same.
 */
public final class Rule {

  private static final Path PROTOCOLS = Path.of("/etc/protocols");

  private final String text;
  private @Nullable SortedSet<String> options;

  private Rule(String text) {
    this.text = text;
  }

  /** Reads a rule; what it says need not be known here. */
  public static Rule of(String text) {
    return new Rule(text.strip());
  }

  /** What follows {@code -A CHAIN}. */
  public String text() {
    return text;
  }

  /** Its options with their values in one form, by which rules are compared. */
  public SortedSet<String> options() {
    SortedSet<String> read = options;
    if (read == null) {
      // Most rules are compared with the same words, and need never be taken apart.
      read = Collections.unmodifiableSortedSet(options(text));
      options = read;
    }
    return read;
  }

  /** Whether it has that option with that value. */
  public boolean has(String option, String value) {
    return options().contains(option + " " + value);
  }

  /** The value of an option, such as {@code --zone}; null if it has none. */
  public @Nullable String value(String option) {
    return options().stream()
        .filter(one -> one.startsWith(option + " "))
        .map(one -> one.substring(option.length() + 1))
        .findFirst()
        .orElse(null);
  }

  private static SortedSet<String> options(String text) {
    SortedSet<String> options = new TreeSet<>();
    StringBuilder option = new StringBuilder();
    String name = "";
    for (String word : text.split(" +", -1)) {
      boolean begins = word.startsWith("-") || word.equals("!");
      if (begins && !option.toString().equals("!")) {
        keep(option, options);
        option.setLength(0);
      }
      if (word.startsWith("-")) {
        name = word;
      }
      option
          .append(option.isEmpty() ? "" : " ")
          .append(word.equals(name) ? word : form(name, word));
    }
    keep(option, options);
    return options;
  }

  /** A match's options say which match it is. */
  private static void keep(StringBuilder option, SortedSet<String> options) {
    if (!option.isEmpty() && !option.toString().startsWith("-m ")) {
      options.add(option.toString());
    }
  }

  private static String form(String option, String value) {
    return switch (option) {
      case "-s", "-d" -> address(value);
      case "-p" -> Protocols.number(value.toLowerCase(Locale.ROOT));
      case "--mac-source" -> value.toLowerCase(Locale.ROOT);
      default -> value;
    };
  }

  private static String address(String value) {
    try {
      int slash = value.indexOf('/');
      String address = slash < 0 ? value : value.substring(0, slash);
      String whole = address.indexOf(':') < 0 ? "32" : "128";
      return HexFormat.of().formatHex(InetAddress.ofLiteral(address).getAddress())
          + "/"
          + (slash < 0 ? whole : value.substring(slash + 1));
    } catch (IllegalArgumentException _) {
      return value;
    }
  }

  /** Rules that mean the same are equal. */
  @Override
  public boolean equals(@Nullable Object other) {
    return other instanceof Rule rule
        && (text.equals(rule.text) || options().equals(rule.options()));
  }

  @Override
  public int hashCode() {
    return options().hashCode();
  }

  @Override
  public String toString() {
    return text;
  }

  /** The names that iptables knows by itself, and those of the host. */
  private static final class Protocols {
    private static final Map<String, String> NUMBERS = read();

    static String number(String name) {
      return NUMBERS.getOrDefault(name, name);
    }

    private static Map<String, String> read() {
      Map<String, String> numbers =
          new HashMap<>(
              Map.of(
                  "icmp",
                  "1",
                  "tcp",
                  "6",
                  "udp",
                  "17",
                  "esp",
                  "50",
                  "ah",
                  "51",
                  "ipv6-icmp",
                  "58",
                  "icmpv6",
                  "58",
                  "sctp",
                  "132",
                  "udplite",
                  "136"));
      try {
        for (String line : Files.readAllLines(PROTOCOLS)) {
          String[] words = line.replaceFirst("#.*", "").strip().split("\\s+", -1);
          if (words.length > 1) {
            numbers.putIfAbsent(words[0].toLowerCase(Locale.ROOT), words[1]);
          }
        }
      } catch (IOException _) {
        return numbers; // where iptables has no names either
      }
      return numbers;
    }
  }
}
