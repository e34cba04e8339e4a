package org.nucleon.server.config;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.nucleon.core.feature.Configuration;
import org.nucleon.core.feature.Option;

/**
 * The operator's INI files as oslo.config reads them: sections, {@code name = value}, indented
 * continuation lines, comments by {@code #} or {@code ;}. Later files win.
 */
public final class IniConfiguration implements Configuration {

  private final Map<String, String> values = new LinkedHashMap<>();

  /** Every value that was given, one a line, in order. */
  private final Map<String, String> all = new LinkedHashMap<>();

  private final Set<String> used = new LinkedHashSet<>();
  private final Set<Path> folders = new LinkedHashSet<>();

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
   * Reads one more file, whose options win over those before.
   *
   * @throws IOException naming the line that is wrong, if the file could be read
   */
  public void add(Path file) throws IOException {
    folders.add(file.toAbsolutePath().getParent());
    add(file.toString(), Files.readAllLines(file, StandardCharsets.UTF_8));
  }

  private void add(String file, List<String> lines) throws IOException {
    String section = "DEFAULT";
    String last = "";
    for (int i = 0; i < lines.size(); i++) {
      String line = lines.get(i);
      String text = line.strip();
      if (text.isEmpty() || text.startsWith("#") || text.startsWith(";")) {
        continue;
      }
      if (Character.isWhitespace(line.charAt(0)) && !last.isEmpty()) {
        values.merge(last, text, (before, more) -> before + "," + more);
        all.merge(last, text, (before, more) -> before + "\n" + more);
        continue;
      }
      int equals = text.indexOf('=') < 0 ? text.indexOf(':') : text.indexOf('=');
      if (text.startsWith("[") && text.endsWith("]")) {
        section = text.substring(1, text.length() - 1).strip();
        last = "";
      } else if (equals > 0) {
        last = key(section, text.substring(0, equals).strip());
        String value = text.substring(equals + 1).strip();
        values.put(last, value);
        all.merge(last, value, (before, more) -> before + "\n" + more);
      } else {
        throw new IOException(
            file + ", line " + (i + 1) + ": neither a [section] nor an option = value");
      }
    }
  }

  /** Sets an option as if the last file had it. */
  public IniConfiguration with(String section, String name, String value) {
    values.put(key(section, name), value);
    all.put(key(section, name), value);
    return this;
  }

  /** Sets an option that no file has, as if it were its default. */
  public IniConfiguration preset(String section, String name, String value) {
    values.putIfAbsent(key(section, name), value);
    all.putIfAbsent(key(section, name), value);
    return this;
  }

  private static String key(String section, String name) {
    return "[" + section + "] " + name;
  }

  @Override
  public synchronized <T> T get(Option<T> option) {
    used.add(option.toString());
    Map<String, String> texts = option.isMulti() ? all : values;
    String text = texts.getOrDefault(option.toString(), option.defaultText());
    try {
      return option.parser().apply(text);
    } catch (IllegalArgumentException e) {
      throw new IllegalArgumentException(
          option
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

  @Override
  public List<Path> folders() {
    return List.copyOf(folders);
  }

  /** Options in the files that nothing has asked for. */
  public synchronized Set<String> unused() {
    Set<String> unused = new TreeSet<>(values.keySet());
    unused.removeAll(used);
    return unused;
  }
}
