package org.nucleon.server.policy;

import java.util.List;
import java.util.Objects;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.nucleon.core.Caller;

/** One condition of a rule, as oslo.policy's language has them. */
sealed interface Check {

  /** {@code @} and {@code !}, and the empty rule, which holds. */
  record Constant(boolean holds) implements Check {}

  /** {@code not CHECK}. */
  record Not(Check check) implements Check {}

  /** {@code CHECK and CHECK}. */
  record All(List<Check> checks) implements Check {}

  /** {@code CHECK or CHECK}. */
  record Any(List<Check> checks) implements Check {}

  /** {@code rule:name}. */
  record Rule(String name) implements Check {}

  /** {@code role:name}. */
  record Role(String name) implements Check {}

  /** {@code field:networks:shared=True}: an attribute of the target, as text. */
  record Field(String attribute, String text) implements Check {}

  /** {@code field:port:device_owner=~^network:}. */
  record FieldPattern(String attribute, Pattern pattern) implements Check {}

  /**
   * {@code tenant_id:%(tenant_id)s}, {@code user_id:abc} or {@code 'True':%(shared)s}: something
   * about the caller, or a constant, against something about the target, or a constant.
   */
  record Match(Term left, Term right) implements Check {}

  /** One side of a {@link Match}. */
  sealed interface Term {
    /** Text as it is. */
    record Text(String text) implements Term {}

    /** A credential of the caller, such as {@code project_id}. */
    record Credential(String name) implements Term {}

    /** Something of the target, such as {@code network:tenant_id}. */
    record OfTarget(String key) implements Term {}
  }

  /**
   * Whether it holds.
   *
   * @param rules gives a named rule's check
   */
  default boolean holds(java.util.function.Function<String, Check> rules, Caller c, Target target) {
    return switch (this) {
      case Constant constant -> constant.holds;
      case Not not -> !not.check.holds(rules, c, target);
      case All all -> {
        for (Check check : all.checks) {
          if (!check.holds(rules, c, target)) {
            yield false;
          }
        }
        yield true;
      }
      case Any any -> {
        for (Check check : any.checks) {
          if (check.holds(rules, c, target)) {
            yield true;
          }
        }
        yield false;
      }
      case Rule rule -> rules.apply(rule.name).holds(rules, c, target);
      case Role role -> c.roles().contains(role.name);
      case Field field -> field.text.equalsIgnoreCase(target.text(field.attribute));
      case FieldPattern field -> {
        String text = target.text(field.attribute);
        yield text != null && field.pattern.matcher(text).find();
      }
      case Match match -> {
        String left = text(match.left, c, target);
        yield left != null && Objects.equals(left, text(match.right, c, target));
      }
    };
  }

  private static @Nullable String text(Term term, Caller caller, Target target) {
    return switch (term) {
      case Term.Text text -> text.text;
      case Term.OfTarget of -> target.text(of.key);
      case Term.Credential credential ->
          switch (credential.name) {
            case "project_id", "tenant_id" -> caller.project();
            case "is_admin" -> caller.admin() ? "True" : "False";
            default -> caller.credentials().get(credential.name);
          };
    };
  }

  /** Whether the answer depends on the target, not on the caller alone. */
  default boolean asksTarget(java.util.function.Function<String, Check> rules) {
    return switch (this) {
      case Constant ignored -> false;
      case Role ignored -> false;
      case Not not -> not.check.asksTarget(rules);
      case All all -> all.checks.stream().anyMatch(c -> c.asksTarget(rules));
      case Any any -> any.checks.stream().anyMatch(c -> c.asksTarget(rules));
      case Rule rule -> rules.apply(rule.name).asksTarget(rules);
      case Field ignored -> true;
      case FieldPattern ignored -> true;
      case Match match ->
          match.left instanceof Term.OfTarget || match.right instanceof Term.OfTarget;
    };
  }
}
