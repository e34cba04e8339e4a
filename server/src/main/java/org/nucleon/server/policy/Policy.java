package org.nucleon.server.policy;

import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;
import org.nucleon.core.Caller;
import org.nucleon.core.resource.Draft;
import org.nucleon.core.resource.Resource;
import org.nucleon.core.resource.View;
import org.nucleon.core.schema.Attribute;
import org.nucleon.core.schema.Catalog;
import org.nucleon.core.schema.Layout;
import org.nucleon.core.schema.Operation;
import org.nucleon.core.schema.ResourceType.Visibility;

/**
 * Who may do what: the default rules with those of the operator's policy files over them.
 * Administrators may do everything. Immutable.
 */
public final class Policy {

  private static final Check NEVER = new Check.Constant(false);

  private final Map<String, String> texts;
  private final Map<String, Check> checks = new HashMap<>();
  private final Map<Layout, Reading> readings = new HashMap<>();

  /**
   * Which attributes of a type a caller is shown.
   *
   * @param rules one for each attribute that has one
   * @param byTarget whether one of them depends on the resource
   * @param lists each set of attributes, once: renderings are kept by it
   */
  private record Reading(
      Map<Attribute<?>, Check> rules,
      boolean byTarget,
      Map<Set<Attribute<?>>, List<Attribute<?>>> lists) {}

  private Policy(Catalog catalog, Map<String, String> texts) {
    this.texts = Collections.unmodifiableMap(texts);
    texts.forEach((name, text) -> {
      try {
        checks.put(name, RuleParser.parse(text));
      } catch (IllegalArgumentException e) {
        throw new IllegalArgumentException("policy rule " + name + ": " + e.getMessage(), e);
      }
    });
    texts.keySet().forEach(name -> refuseCircle(name, new LinkedHashSet<>()));
    for (Layout layout : catalog.layouts()) {
      readings.put(layout, reading(layout));
    }
  }

  /**
   * The default rules with others over them.
   *
   * @param overrides the policy files' rules by name
   * @param enforceRoles whether a project's members may write and its readers only read
   * @throws IllegalArgumentException naming the rule that cannot be read, or leads back to itself
   */
  public static Policy of(Catalog catalog, Map<String, String> overrides, boolean enforceRoles) {
    Map<String, String> texts = new LinkedHashMap<>(DefaultRules.of(catalog, enforceRoles));
    texts.putAll(overrides);
    return new Policy(catalog, texts);
  }

  /** The default rules alone. */
  public static Policy defaults(Catalog catalog) {
    return of(catalog, Map.of(), false);
  }

  private void refuseCircle(String name, Set<String> path) {
    if (!path.add(name)) {
      throw new IllegalArgumentException(
          "policy rule "
              + name
              + " leads back to itself: "
              + String.join(" > ", path)
              + " > "
              + name);
    }
    Check check = checks.get(name);
    if (check != null) {
      named(check).forEach(next -> refuseCircle(next, path));
    }
    path.remove(name);
  }

  private static List<String> named(Check check) {
    List<String> names = new ArrayList<>();
    switch (check) {
      case Check.Rule rule -> names.add(rule.name());
      case Check.Not not -> names.addAll(named(not.check()));
      case Check.All all -> all.checks().forEach(c -> names.addAll(named(c)));
      case Check.Any any -> any.checks().forEach(c -> names.addAll(named(c)));
      case Check.Constant c -> {}
      case Check.Role c -> {}
      case Check.Field c -> {}
      case Check.FieldPattern c -> {}
      case Check.Match c -> {}
    }
    return names;
  }

  private Reading reading(Layout layout) {
    Map<Attribute<?>, Check> rules = new LinkedHashMap<>();
    for (Attribute<?> attribute : layout.attributes()) {
      Check check = checks.get("get_" + layout.type().policyName() + ":" + attribute.name());
      if (check != null) {
        rules.put(attribute, check);
      }
    }
    return new Reading(
        rules,
        rules.values().stream().anyMatch(check -> check.asksTarget(this::rule)),
        new java.util.concurrent.ConcurrentHashMap<>());
  }

  /** A rule that does not exist holds for nobody. */
  private Check rule(String name) {
    return checks.getOrDefault(name, NEVER);
  }

  /**
   * Checks that what the API asks for is declared: a rule that nobody declared would hold for
   * nobody.
   *
   * @throws IllegalStateException naming the rules that are missing
   */
  public void require(Collection<String> names) {
    Set<String> missing = new TreeSet<>(names);
    missing.removeAll(checks.keySet());
    if (!missing.isEmpty()) {
      throw new IllegalStateException(
          "no feature declares the policy rules " + String.join(", ", missing));
    }
  }

  /** The texts of all rules by name. */
  public Map<String, String> texts() {
    return texts;
  }

  /** The caller, as an administrator if {@code context_is_admin} says so. */
  public Caller judged(Caller caller) {
    boolean admin = holds("context_is_admin", caller);
    return new Caller(caller.project(), admin, caller.roles(), caller.credentials());
  }

  /** Whether the caller may do something that is about no resource: {@code update_quota}. */
  public boolean may(String rule, Caller caller) {
    return caller.admin() || holds(rule, caller);
  }

  private boolean holds(String name, Caller caller) {
    Check check = rule(name);
    return !check.asksTarget(this::rule) && check.holds(this::rule, caller, Target.NONE);
  }

  /**
   * Whether the caller may do something with a resource: {@code get_port}, {@code
   * add_router_interface}.
   */
  public boolean may(String action, View view, Resource resource, Caller caller) {
    if (resource.type().visibility() == Visibility.INTERNAL) {
      return false;
    }
    return caller.admin()
        || rule(action).holds(this::rule, caller, ResourceTarget.of(view, resource, caller));
  }

  /** Whether the caller may make a resource as drafted. */
  public boolean mayCreate(View view, Layout layout, Draft draft, Caller caller) {
    return caller.admin()
        || rule("create_" + layout.type().policyName())
            .holds(this::rule, caller, ResourceTarget.of(view, layout, draft, caller));
  }

  /**
   * The rule that keeps the caller from setting an attribute or a member of it.
   *
   * @param members names of members that the request gives in the attribute's objects
   */
  public Optional<String> refusal(
      View view,
      Layout layout,
      Draft draft,
      Attribute<?> attribute,
      Set<String> members,
      Operation operation,
      Caller caller) {
    if (caller.admin()) {
      return Optional.empty();
    }
    String rule =
        operation.name().toLowerCase(Locale.ROOT)
            + "_"
            + layout.type().policyName()
            + ":"
            + attribute.name();
    List<String> names = new ArrayList<>(List.of(rule));
    members.forEach(member -> names.add(rule + ":" + member));
    for (String name : names) {
      @Nullable Check check = checks.get(name);
      if (check != null
          && !check.holds(this::rule, caller, ResourceTarget.of(view, layout, draft, caller))) {
        return Optional.of(name);
      }
    }
    return Optional.empty();
  }

  /**
   * The attributes of a resource that the caller is shown, in the order of declaration; the same
   * list for the same attributes.
   */
  public List<Attribute<?>> shown(View view, Resource resource, Caller caller) {
    return shown(resource.layout(), caller, ResourceTarget.of(view, resource, caller));
  }

  /** Whether which attributes a caller is shown is the same for all resources of a type. */
  public boolean showsAlike(Layout layout) {
    return !reads(layout).byTarget;
  }

  /** Whether the caller may filter and sort by the attribute, and is shown it. */
  public boolean shows(Layout layout, Attribute<?> attribute, Caller caller) {
    if (!attribute.isShown()) {
      return false;
    }
    Check check = reads(layout).rules.get(attribute);
    return check == null
        || caller.admin()
        || !check.asksTarget(this::rule) && check.holds(this::rule, caller, Target.NONE);
  }

  private List<Attribute<?>> shown(Layout layout, Caller caller, Target target) {
    Reading reading = reads(layout);
    Set<Attribute<?>> shown = new LinkedHashSet<>();
    for (Attribute<?> attribute : layout.attributes()) {
      Check check = reading.rules.get(attribute);
      boolean may = check == null || caller.admin() || check.holds(this::rule, caller, target);
      if (attribute.isShown() && may) {
        shown.add(attribute);
      }
    }
    return reading.lists.computeIfAbsent(shown, List::copyOf);
  }

  private Reading reads(Layout layout) {
    Reading reading = readings.get(layout);
    if (reading == null) {
      throw new IllegalArgumentException("no policy for " + layout.type());
    }
    return reading;
  }
}
