package org.nucleon.core.feature;

import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.Function;

/**
 * One option of an INI file, declared by whoever uses it.
 *
 * @param section the section in small letters, {@code DEFAULT} for the first
 * @param name the option's name, Neutron's own where Neutron has it
 * @param defaultText the value where no file has it, as it would be written
 * @param type what it takes, for people
 * @param about one sentence
 * @param formerly where older files have it, as {@code [section] name}
 * @param parser reads the text; throws IllegalArgumentException saying what is expected
 */
public record Option<T>(
    String section,
    String name,
    String defaultText,
    String type,
    String about,
    List<String> formerly,
    Function<String, T> parser) {

  private static final String TEXT = "text";

  /** An option whose sections are spelt as files are read. */
  public Option {
    if (!section.equals("DEFAULT") && !section.equals(section.toLowerCase(Locale.ROOT))) {
      throw new IllegalArgumentException(section + ": sections have small letters");
    }
  }

  /** With a parser of its own. */
  public static <T> Option<T> parsed(
      String section,
      String name,
      String value,
      String type,
      String about,
      Function<String, T> parser) {
    return new Option<>(section, name, value, type, about, List.of(), parser);
  }

  /** The same, found under an older name as well; the present one wins. */
  public Option<T> formerly(String oldSection, String oldName) {
    List<String> names = new ArrayList<>(formerly);
    names.add("[" + oldSection + "] " + oldName);
    return new Option<>(section, name, defaultText, type, about, List.copyOf(names), parser);
  }

  /** Text as it is. */
  public static Option<String> text(String section, String name, String value, String about) {
    return parsed(section, name, value, TEXT, about, Function.identity());
  }

  /** Text that nobody is shown, such as a password; empty by default. */
  public static Option<String> secret(String section, String name, String about) {
    return parsed(section, name, "", "text that is not shown", about, new Secret());
  }

  /** Whether its value is to be shown to nobody. */
  public boolean isSecret() {
    return parser instanceof Secret;
  }

  private record Secret() implements Function<String, String> {
    @Override
    public String apply(String text) {
      return text;
    }
  }

  /** A whole number. */
  public static Option<Integer> integer(String section, String name, int value, String about) {
    return parsed(section, name, Integer.toString(value), "whole number", about, Option::whole);
  }

  private static Integer whole(String text) {
    try {
      return Integer.valueOf(text.strip());
    } catch (NumberFormatException e) {
      throw new IllegalArgumentException("a whole number expected", e);
    }
  }

  /** True or false. */
  public static Option<Boolean> bool(String section, String name, boolean value, String about) {
    return parsed(
        section,
        name,
        Boolean.toString(value),
        "true or false",
        about,
        text ->
            switch (text.toLowerCase(Locale.ROOT)) {
              case "true", "yes", "on", "1" -> true;
              case "false", "no", "off", "0" -> false;
              default -> throw new IllegalArgumentException("true or false expected");
            });
  }

  /** Words between commas, or on lines of their own. */
  public static Option<List<String>> list(String section, String name, String value, String about) {
    return parsed(
        section,
        name,
        value,
        "list: words between commas",
        about,
        text -> {
          List<String> words = new ArrayList<>();
          for (String word : text.split("[,\\n]", -1)) {
            if (!word.isBlank()) {
              words.add(word.strip());
            }
          }
          return List.copyOf(words);
        });
  }

  /** Pairs {@code key:value} between commas, each key once. */
  public static Option<Map<String, String>> map(
      String section, String name, String value, String about) {
    return parsed(
        section, name, value, "map: key:value pairs between commas", about, Option::pairs);
  }

  private static Map<String, String> pairs(String text) {
    Map<String, String> pairs = new LinkedHashMap<>();
    for (String pair : text.split("[,\\n]", -1)) {
      int colon = pair.lastIndexOf(':');
      if (pair.isBlank()) {
        continue;
      }
      String key = colon < 0 ? "" : pair.substring(0, colon).strip();
      String its = pair.substring(colon + 1).strip();
      if (key.isEmpty() || its.isEmpty()) {
        throw new IllegalArgumentException("key:value expected, not " + pair.strip());
      }
      if (pairs.put(key, its) != null) {
        throw new IllegalArgumentException(key + " is there twice");
      }
    }
    return Collections.unmodifiableMap(pairs);
  }

  /** Texts that files give one by one, each on a line of its own with the option's name. */
  public static Option<List<String>> multi(
      String section, String name, String value, String about) {
    return parsed(section, name, value, "text; may be given several times", about, new Lines());
  }

  /** Whether several lines of a file add to each other instead of the last one holding. */
  public boolean isMulti() {
    return parser instanceof Lines;
  }

  private record Lines() implements Function<String, List<String>> {
    @Override
    public List<String> apply(String text) {
      return text.lines().map(String::strip).filter(line -> !line.isEmpty()).toList();
    }
  }

  /** {@code section.name}, for messages. */
  @Override
  public String toString() {
    return "[" + section + "] " + name;
  }
}
