package org.nucleon.core.schema;

import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.List;
import org.nucleon.core.resource.Resource;
import org.nucleon.core.schema.ResourceType.StandardAttributes;

/** The attributes that the machinery gives to resource types, and declarations that most share. */
public final class Standard {

  /** The name of the attribute that is a resource's id. */
  static final String ID = "id";

  /** The name of the attribute that counts a resource's changes. */
  public static final String REVISION_NUMBER = "revision_number";

  /** The name of the attribute that tells when a resource was last changed. */
  public static final String UPDATED_AT = "updated_at";

  /** The name of the attribute that holds a resource's tags. */
  public static final String TAGS = "tags";

  private static final DateTimeFormatter TIME =
      DateTimeFormatter.ofPattern("yyyy-MM-dd'T'HH:mm:ss'Z'").withZone(ZoneOffset.UTC);

  private Standard() {}

  /** {@code name}: text of at most 255 characters, empty by default. */
  public static Attribute<String> name(ResourceType type) {
    return Attribute.of(type, "name", Values.text(255))
        .about("A name for people; need not be unique.")
        .ignorable()
        .setOn(Operation.CREATE, Operation.UPDATE)
        .defaultsTo("")
        .filter()
        .sort();
  }

  /** {@code description}: text of at most 255 characters, empty by default. */
  public static Attribute<String> description(ResourceType type) {
    return Attribute.of(type, "description", Values.text(255))
        .about("Free text.")
        .ignorable()
        .setOn(Operation.CREATE, Operation.UPDATE)
        .defaultsTo("")
        .filter();
  }

  /** {@code admin_state_up}: whether the administrator wants it to work; true by default. */
  public static Attribute<Boolean> adminStateUp(ResourceType type) {
    return Attribute.of(type, "admin_state_up", Values.bool())
        .about("Whether the resource is to work.")
        .setOn(Operation.CREATE, Operation.UPDATE)
        .defaultsTo(true)
        .filter()
        .sort();
  }

  /**
   * Reads a time as the API shows it.
   *
   * @throws java.time.format.DateTimeParseException if it is none
   */
  public static Instant parseTime(String text) {
    return TIME.parse(text, Instant::from);
  }

  /** A time as the API shows it: UTC, whole seconds. */
  public static String time(Instant instant) {
    return TIME.format(instant);
  }

  /** The attributes that the machinery itself keeps. */
  static List<Attribute<?>> attributes(ResourceType type) {
    Attribute<?> id =
        Attribute.of(type, ID, Values.uuid())
            .about("Chosen by the server.")
            .computed(Resource::id)
            .filter()
            .sort();
    List<Attribute<?>> attributes = new ArrayList<>();
    ResourceType.Below below = type.below();
    if (below == null || below.key().equals(ID)) {
      attributes.add(id);
    }
    if (below == null && type.visibility() == ResourceType.Visibility.OWNER) {
      attributes.add(project(type, "project_id"));
      attributes.add(project(type, "tenant_id"));
    }
    if (type.standard() != StandardAttributes.NONE) {
      attributes.add(
          Attribute.of(type, "created_at", Values.text(20))
              .about("When it was created, UTC.")
              .computed(resource -> time(resource.createdAt())));
      attributes.add(
          Attribute.of(type, UPDATED_AT, Values.text(20))
              .about("When it was last changed, UTC.")
              .computed(resource -> time(resource.updatedAt())));
      attributes.add(
          Attribute.of(type, REVISION_NUMBER, Values.integer(0, Integer.MAX_VALUE))
              .about("Grows with every change.")
              .computed(Resource::revision)
              .filter());
    }
    if (type.standard() == StandardAttributes.ALL) {
      attributes.add(tags(type));
    }
    return attributes;
  }

  private static Attribute<List<String>> tags(ResourceType type) {
    Attribute<List<String>> tags =
        Attribute.of(type, TAGS, Values.list(Values.tag(), 50, null))
            .about("Words by which it is found.")
            .ignorable()
            .defaultsTo(List.of());
    // Neutron takes them with the resource for ports alone; others have /tags.
    return type.name().equals("port") ? tags.setOn(Operation.CREATE) : tags;
  }

  private static Attribute<String> project(ResourceType type, String name) {
    return Attribute.of(type, name, Values.text(255))
        .about("The project that owns it.")
        .setOn(Operation.CREATE)
        .computed(Resource::project)
        .filter()
        .sort();
  }
}
