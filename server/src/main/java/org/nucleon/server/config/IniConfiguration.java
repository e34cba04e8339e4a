package org.nucleon.server.config;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.nucleon.core.feature.Configuration;
import org.nucleon.core.feature.Option;

/**
 * The operator's INI files as oslo.config reads them: sections, {@code name = value} or {@code
 * name: value}, indented lines that go on, comments by {@code #} or {@code ;}, quotes around a
 * whole value, {@code $name} and {@code ${section.name}} for the value of another option. Later
 * files win.
 */
public final class IniConfiguration implements Configuration {

  private static final Pattern VARIABLE =
      Pattern.compile("\\$(?:\\$|\\{(?<braced>[\\w.]+)}|(?<plain>\\w+(?:\\.\\w+)?))");

  private static final int MAX_SUBSTITUTIONS = 10;

  private final Map<String, Value> values = new LinkedHashMap<>();
  private final Map<String, Option<?>> used = new TreeMap<>();
  private final Set<Path> folders = new LinkedHashSet<>();

  /**
   * What the files say of an option.
   *
   * @param text what the last of them says
   * @param all everything that they say, a line each, for options that add up
   */
  private record Value(String text, String all, String place) {
    Value(String text, String place) {
      this(text, text, place);
    }

    /** With a line that goes on. */
    Value and(String more) {
      return new Value(text + "\n" + more, all + "\n" + more, place);
    }

    /** With what is said of it once more. */
    Value then(Value later) {
      return new Value(later.text, all + "\n" + later.all, later.place);
    }

    String of(Option<?> option) {
      return option.isMulti() ? all : text;
    }
  }

  /**
   * An option that is in use.
   *
   * @param value as written, secrets as stars
   * @param place file and line, or {@code default}
   */
  public record InUse(Option<?> option, String value, String place) {}

  /**
   * Reads files in order.
   *
   * @throws IOException naming the file, and the line that is wrong
   */
  public static IniConfiguration read(List<Path> files) throws IOException {
    IniConfiguration configuration = new IniConfiguration();
    for (Path file : files) {
      configuration.add(file);
    }
    return configuration;
  }

  /**
   * Reads one more file, whose options win over those before; of a folder, every file in it whose
   * name ends in {@code .conf}, in order of names.
   *
   * @throws IOException naming the line that is wrong, if the file could be read
   */
  public void add(Path file) throws IOException {
    if (Files.isDirectory(file)) {
      List<Path> files;
      try (Stream<Path> all = Files.list(file)) {
        files = all.filter(one -> one.toString().endsWith(".conf")).sorted().toList();
      }
      for (Path one : files) {
        add(one);
      }
      return;
    }
    folders.add(file.toAbsolutePath().getParent());
    add(file.toString(), Files.readAllLines(file, StandardCharsets.UTF_8));
  }

  private void add(String file, List<String> lines) throws IOException {
    String section = "DEFAULT";
    @Nullable String last = null;
    for (int i = 0; i < lines.size(); i++) {
      String line = lines.get(i);
      String text = line.strip();
      String place = file + ", line " + (i + 1);
      if (text.isEmpty()) {
        last = null; // nothing goes on over an empty line
        continue;
      }
      if (text.startsWith("#") || text.startsWith(";")) {
        continue;
      }
      if (Character.isWhitespace(line.charAt(0)) && last != null) {
        values.computeIfPresent(last, (key, value) -> value.and(text));
      } else if (text.startsWith("[")) {
        if (!text.endsWith("]") || text.length() < 3) {
          throw new IOException(place + ": a [section] expected, not " + text);
        }
        section = section(text.substring(1, text.length() - 1).strip());
        last = null;
      } else {
        Matcher assignment = Pattern.compile("([^=:]+)[=:](.*)").matcher(text);
        if (!assignment.matches() || assignment.group(1).isBlank()) {
          throw new IOException(place + ": neither a [section] nor an option = value");
        }
        last = key(section, assignment.group(1).strip());
        values.merge(last, new Value(unquoted(assignment.group(2).strip()), place), Value::then);
      }
    }
  }

  /** Section names are the same in any case. */
  private static String section(String name) {
    return name.equalsIgnoreCase("DEFAULT") ? "DEFAULT" : name.toLowerCase(Locale.ROOT);
  }

  private static String unquoted(String text) {
    boolean quoted =
        text.length() > 1
            && (text.charAt(0) == '"' || text.charAt(0) == '\'')
            && text.charAt(text.length() - 1) == text.charAt(0);
    return quoted ? text.substring(1, text.length() - 1) : text;
  }

  /** Sets an option as if the last file had it. */
  public IniConfiguration with(String section, String name, String value) {
    values.put(key(section, name), new Value(value, "set by the command line"));
    return this;
  }

  /** Sets an option that no file has, as if it were its default. */
  public IniConfiguration preset(String section, String name, String value) {
    values.putIfAbsent(key(section, name), new Value(value, "default"));
    return this;
  }

  private static String key(String section, String name) {
    return "[" + section + "] " + name;
  }

  private Value written(Option<?> option) {
    return Stream.concat(Stream.of(option.toString()), option.formerly().stream())
        .filter(values::containsKey)
        .findFirst()
        .map(values::get)
        .orElseGet(() -> new Value(option.defaultText(), "default"));
  }

  @Override
  public synchronized <T> T get(Option<T> option) {
    used.put(option.toString(), option);
    Value value = written(option);
    String text = substituted(value.of(option), option.section(), 0);
    try {
      return option.parser().apply(text);
    } catch (IllegalArgumentException e) {
      throw new IllegalArgumentException(
          (value.place().equals("default") ? "" : value.place() + ": ")
              + option
              + " = "
              + (option.isSecret() ? "***" : text)
              + ": "
              + e.getMessage()
              + " ("
              + option.about()
              + ")",
          e);
    }
  }

  /** What names no option that is known stays as it is: a dollar may be part of a password. */
  private String substituted(String text, String section, int depth) {
    if (text.indexOf('$') < 0 || depth == MAX_SUBSTITUTIONS) {
      return text;
    }
    return VARIABLE
        .matcher(text.replace("\\$", "$$"))
        .replaceAll(match -> {
          String name = match.group(1) == null ? match.group(2) : match.group(1);
          String known = name == null ? "$" : lookedUp(name, section, depth);
          return Matcher.quoteReplacement(known == null ? match.group() : known);
        });
  }

  private @Nullable String lookedUp(String name, String section, int depth) {
    int dot = name.indexOf('.');
    List<String> keys =
        dot > 0
            ? List.of(key(section(name.substring(0, dot)), name.substring(dot + 1)))
            : List.of(key("DEFAULT", name), key(section, name));
    for (String key : keys) {
      Option<?> option = used.get(key);
      Value value = values.get(key);
      if (value != null) {
        return substituted(value.text(), section, depth + 1);
      }
      if (option != null) {
        return option.defaultText();
      }
    }
    return null;
  }

  @Override
  public List<Path> folders() {
    return List.copyOf(folders);
  }

  /** What the files say and nothing has asked for, or asks for by another name now. */
  public synchronized Unused unused() {
    return Unused.of(values.keySet(), used.values());
  }

  /** Every option that was asked for, in order of names, with what it is and where that is from. */
  public synchronized List<InUse> inUse() {
    List<InUse> all = new ArrayList<>();
    for (Option<?> option : used.values()) {
      Value value = written(option);
      String text = substituted(value.of(option), option.section(), 0);
      all.add(
          new InUse(option, option.isSecret() && !text.isEmpty() ? "***" : text, value.place()));
    }
    return all;
  }
}
