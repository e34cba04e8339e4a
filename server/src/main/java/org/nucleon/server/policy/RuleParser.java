package org.nucleon.server.policy;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.regex.PatternSyntaxException;

/**
 * Reads rules of oslo.policy's language: {@code not}, {@code and}, {@code or} (in this order of
 * binding), parentheses, {@code @}, {@code !} and {@code kind:match}.
 */
final class RuleParser {

  private static final Pattern OF_TARGET = Pattern.compile("%\\(([^)]+)\\)s");
  private static final Pattern LITERAL =
      Pattern.compile("'([^']*)'|\"([^\"]*)\"|(True|False|None|\\d+)");

  private final String text;
  private final List<String> words;
  private int at;

  private RuleParser(String text) {
    this.text = text;
    this.words = words(text);
  }

  /**
   * Reads a rule.
   *
   * @throws IllegalArgumentException saying what is wrong with it
   */
  static Check parse(String text) {
    if (text.isBlank()) {
      return new Check.Constant(true);
    }
    RuleParser parser = new RuleParser(text);
    Check check = parser.any();
    if (parser.at < parser.words.size()) {
      throw parser.wrong("'" + parser.words.get(parser.at) + "' was not expected");
    }
    return check;
  }

  /**
   * Words are apart by space; parentheses at their ends are words too, but not those of {@code
   * %(name)s}.
   */
  private static List<String> words(String text) {
    List<String> words = new ArrayList<>();
    for (String word : text.strip().split("\\s+")) {
      String rest = word;
      while (rest.startsWith("(")) {
        words.add("(");
        rest = rest.substring(1);
      }
      int closing = 0;
      while (rest.endsWith(")")) {
        rest = rest.substring(0, rest.length() - 1);
        closing++;
      }
      if (!rest.isEmpty()) {
        words.add(rest);
      }
      for (int i = 0; i < closing; i++) {
        words.add(")");
      }
    }
    return words;
  }

  private Check any() {
    List<Check> checks = new ArrayList<>(List.of(all()));
    while (next("or")) {
      checks.add(all());
    }
    return checks.size() == 1 ? checks.getFirst() : new Check.Any(List.copyOf(checks));
  }

  private Check all() {
    List<Check> checks = new ArrayList<>(List.of(one()));
    while (next("and")) {
      checks.add(one());
    }
    return checks.size() == 1 ? checks.getFirst() : new Check.All(List.copyOf(checks));
  }

  private Check one() {
    if (next("not")) {
      return new Check.Not(one());
    }
    if (next("(")) {
      Check check = any();
      if (!next(")")) {
        throw wrong("a ')' is missing");
      }
      return check;
    }
    if (at == words.size()) {
      throw wrong("it ends too early");
    }
    return check(words.get(at++));
  }

  private boolean next(String word) {
    if (at < words.size() && words.get(at).equalsIgnoreCase(word)) {
      at++;
      return true;
    }
    return false;
  }

  private Check check(String word) {
    if (word.equals("@") || word.equals("!")) {
      return new Check.Constant(word.equals("@"));
    }
    int colon = word.indexOf(':');
    if (colon <= 0) {
      throw wrong("'" + word + "' is no kind:match");
    }
    String kind = word.substring(0, colon);
    String match = word.substring(colon + 1);
    return switch (kind) {
      case "rule" -> new Check.Rule(match);
      case "role" -> new Check.Role(match.toLowerCase(Locale.ROOT));
      case "field" -> field(match);
      case "http", "https" -> throw wrong("remote checks (" + kind + ":) are not supported");
      default -> new Check.Match(left(kind), right(match));
    };
  }

  /** {@code networks:router:external=True}: the first part names the resource for people. */
  private Check field(String match) {
    int colon = match.indexOf(':');
    int equals = match.indexOf('=');
    if (colon < 0 || equals < colon) {
      throw wrong("field:" + match + " is not field:RESOURCE:ATTRIBUTE=VALUE");
    }
    String attribute = match.substring(colon + 1, equals);
    String value = match.substring(equals + 1);
    if (!value.startsWith("~")) {
      return new Check.Field(attribute, value);
    }
    try {
      return new Check.FieldPattern(attribute, Pattern.compile(value.substring(1)));
    } catch (PatternSyntaxException e) {
      throw wrong("'" + value.substring(1) + "' is no regular expression: " + e.getDescription());
    }
  }

  private static Check.Term left(String kind) {
    Matcher literal = LITERAL.matcher(kind);
    return literal.matches()
        ? new Check.Term.Text(unquoted(literal))
        : new Check.Term.Credential(kind);
  }

  private static Check.Term right(String match) {
    Matcher target = OF_TARGET.matcher(match);
    if (target.matches()) {
      return new Check.Term.OfTarget(target.group(1));
    }
    Matcher literal = LITERAL.matcher(match);
    return new Check.Term.Text(literal.matches() ? unquoted(literal) : match);
  }

  private static String unquoted(Matcher literal) {
    for (int group = 1; group <= 3; group++) {
      if (literal.group(group) != null) {
        return literal.group(group);
      }
    }
    return "";
  }

  private IllegalArgumentException wrong(String what) {
    return new IllegalArgumentException("the rule \"" + text + "\": " + what);
  }
}
