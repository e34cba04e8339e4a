package org.nucleon.core.schema;

import java.util.Locale;

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
 */
public record ResourceType(
    String name,
    String plural,
    String about,
    Visibility visibility,
    String prefix,
    StandardAttributes standard) {

  /** A type whose collection is right below the API's version, without standard attributes. */
  public ResourceType(String name, String plural, String about, Visibility visibility) {
    this(name, plural, about, visibility, "", StandardAttributes.NONE);
  }

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
    return new ResourceType(name, plural, about, Visibility.OWNER, "", StandardAttributes.ALL);
  }

  /** The same with its collection below a name: {@code metering}. */
  public ResourceType under(String name) {
    return new ResourceType(this.name, plural, about, visibility, name + "/", standard);
  }

  /** The same with these standard attributes. */
  public ResourceType with(StandardAttributes shown) {
    return new ResourceType(name, plural, about, visibility, prefix, shown);
  }

  /** The collection's path: {@code security-groups}, {@code metering/metering-labels}. */
  public String path() {
    return prefix + plural.replace('_', '-');
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
