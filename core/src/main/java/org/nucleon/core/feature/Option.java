package org.nucleon.core.feature;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;

/**
 * One option of an INI file, declared by whoever uses it.
 *
 * @param section the section, {@code DEFAULT} for the first
 * @param name the option's name, Neutron's own where Neutron has it
 * @param defaultText the value where no file has it, as it would be written
 * @param about one sentence
 * @param parser reads the text; throws IllegalArgumentException saying what is expected
 */
public record Option<T>(
    String section, String name, String defaultText, String about, Function<String, T> parser) {

  /** Text as it is. */
  public static Option<String> text(String section, String name, String value, String about) {
    return new Option<>(section, name, value, about, Function.identity());
  }

  /** Text that nobody is shown, such as a password; empty by default. */
  public static Option<String> secret(String section, String name, String about) {
    return new Option<>(section, name, "", about, new Secret());
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
    return new Option<>(section, name, Integer.toString(value), about, Option::whole);
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
    return new Option<>(
        section,
        name,
        Boolean.toString(value),
        about,
        text ->
            switch (text.toLowerCase(java.util.Locale.ROOT)) {
              case "true", "yes", "on", "1" -> true;
              case "false", "no", "off", "0" -> false;
              default -> throw new IllegalArgumentException("true or false expected");
            });
  }

  /** Words between commas, or on lines of their own. */
  public static Option<List<String>> list(String section, String name, String value, String about) {
    return new Option<>(
        section,
        name,
        value,
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

  /** Texts that files give one by one, each on a line of its own with the option's name. */
  public static Option<List<String>> multi(
      String section, String name, String value, String about) {
    return new Option<>(section, name, value, about, new Lines());
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
