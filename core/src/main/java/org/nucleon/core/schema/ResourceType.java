package org.nucleon.core.schema;

import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * A kind of resource, such as port. A key and nothing more: what exists in a running system is what
 * its {@link Catalog} holds.
 *
 * @param name singular, the wrapper of one in JSON: {@code security_group}
 * @param plural the wrapper of a collection: {@code security_groups}
 * @param about one sentence for the API's description
 * @param visibility who may see resources of the type beside administrators
 * @param prefix what comes before the collection in paths, empty for nothing: {@code metering/}
 * @param standard which standard attributes the API shows
 * @param below where resources of the type are, if not in a collection of their own
 * @param called how refusals call one, null for its name
 */
public record ResourceType(
    String name,
    String plural,
    String about,
    Visibility visibility,
    String prefix,
    StandardAttributes standard,
    @Nullable Below below,
    @Nullable Title called) {

  /** A type whose collection is right below the API's version, without standard attributes. */
  public ResourceType(String name, String plural, String about, Visibility visibility) {
    this(name, plural, about, visibility, "", StandardAttributes.NONE, null, null);
  }

  /**
   * Resources that are parts of one of another type: they belong to its project, have paths below
   * its own, and are removed with it.
   *
   * @param parent what they are parts of
   * @param key the attribute by which paths name one among those of the same parent
   * @param aliased whether each can also be reached without naming its parent
   */
  public record Below(ResourceType parent, String key, boolean aliased) {}

  /**
   * How refusals call a resource.
   *
   * @param error what the names of errors begin with: {@code QosPolicy} as in QosPolicyNotFound
   * @param words for people: {@code QoS policy}
   */
  public record Title(String error, String words) {}

  /** Who may see resources of a type, administrators apart. */
  public enum Visibility {
    /** The owning project. */
    OWNER,
    /** Only administrators. */
    ADMIN,
    /** Nobody: the system's own book-keeping, outside the API. */
    INTERNAL
  }

  /**
   * What Neutron calls standard attributes, of which it has all, some or none for a type. Revision
   * and times are kept in any case.
   */
  public enum StandardAttributes {
    /** None is shown. */
    NONE,
    /** {@code created_at}, {@code updated_at} and {@code revision_number}. */
    WITHOUT_TAGS,
    /** The same, and {@code tags}. */
    ALL
  }

  /** A type that its owning project sees, with all standard attributes. */
  public static ResourceType of(String name, String plural, String about) {
    return new ResourceType(
        name, plural, about, Visibility.OWNER, "", StandardAttributes.ALL, null, null);
  }

  /**
   * A type of parts of another's resources, without standard attributes: {@code
   * /qos/policies/{id}/bandwidth_limit_rules}. It declares one attribute as the {@link
   * Attribute#parent}.
   */
  public static ResourceType below(ResourceType parent, String name, String plural, String about) {
    return new ResourceType(
        name,
        plural,
        about,
        parent.visibility,
        parent.prefix,
        StandardAttributes.NONE,
        new Below(parent, Standard.ID, false),
        null);
  }

  /** The same with its collection below a name: {@code metering}. */
  public ResourceType under(String name) {
    return new ResourceType(
        this.name, plural, about, visibility, name + "/", standard, below, called);
  }

  /** The same with these standard attributes. */
  public ResourceType with(StandardAttributes shown) {
    return new ResourceType(name, plural, about, visibility, prefix, shown, below, called);
  }

  /** The same for its own project or administrators alone. */
  public ResourceType seenBy(Visibility who) {
    return new ResourceType(name, plural, about, who, prefix, standard, below, called);
  }

  /** The same called otherwise in refusals. */
  public ResourceType called(String error, String words) {
    return new ResourceType(
        name, plural, about, visibility, prefix, standard, below, new Title(error, words));
  }

  /** The same, each of which can be reached without naming its parent. */
  public ResourceType aliased() {
    return positioned(new Below(above(), Standard.ID, true));
  }

  /** The same, named in paths by an attribute other than the id, which is not shown. */
  public ResourceType keyedBy(String attribute) {
    return positioned(new Below(above(), attribute, false));
  }

  private ResourceType positioned(Below place) {
    return new ResourceType(name, plural, about, visibility, prefix, standard, place, called);
  }

  /**
   * What resources of the type are parts of.
   *
   * @throws IllegalStateException if they have a collection of their own
   */
  public ResourceType above() {
    Below place = below;
    if (place == null) {
      throw new IllegalStateException(this + " is below nothing");
    }
    return place.parent();
  }

  /**
   * The collection's path: {@code security-groups}, {@code metering/metering-labels}; of parts what
   * follows the id of the whole: {@code bandwidth_limit_rules}.
   */
  public String path() {
    return below == null ? prefix + plural.replace('_', '-') : plural;
  }

  /** The path of resources of the type without their parents, if they are aliased. */
  public String aliasPath() {
    return prefix + "alias-" + plural.replace('_', '-');
  }

  /** The wrapper of one that is reached without its parent, if the type is aliased. */
  public String alias() {
    return "alias_" + name;
  }

  /**
   * What follows the verb in names of policy rules: {@code port}, {@code
   * policy_bandwidth_limit_rule}.
   */
  public String policyName() {
    return below == null ? name : below.parent().policyName() + "_" + name;
  }

  /** What the names of errors about it begin with. */
  public String errorName() {
    return called == null ? camelCase() : called.error();
  }

  /**
   * The name of Neutron's exceptions about it: {@code SecurityGroup} as in SecurityGroupNotFound.
   */
  public String camelCase() {
    if (name.equals("floatingip")) {
      return "FloatingIP";
    }
    if (name.equals("subnetpool")) {
      return "SubnetPool";
    }
    StringBuilder camel = new StringBuilder();
    for (String word : name.split("_")) {
      camel.append(word.substring(0, 1).toUpperCase(Locale.ROOT)).append(word.substring(1));
    }
    return camel.toString();
  }

  @Override
  public String toString() {
    return name;
  }
}
