package org.nucleon.core;

import static org.nucleon.core.schema.Operation.CREATE;
import static org.nucleon.core.schema.Operation.UPDATE;

import java.util.List;
import java.util.UUID;
import org.nucleon.core.schema.Attribute;
import org.nucleon.core.schema.Catalog;
import org.nucleon.core.schema.ResourceType;
import org.nucleon.core.schema.Values;

/** Declarations for tests: boxes, and things that may lie in a box and know other things. */
public final class Things {

  public static final ResourceType BOX = ResourceType.of("box", "boxes", "Holds things.");
  public static final ResourceType THING = ResourceType.of("thing", "things", "Lies in a box.");

  public static final Attribute<String> LABEL =
      Attribute.of(BOX, "label", Values.text(255))
          .about("Text.")
          .setOn(CREATE, UPDATE)
          .defaultsTo("");

  public static final Attribute<Integer> SIZE =
      Attribute.of(BOX, "size", Values.integer(0, 1_000_000))
          .about("How many.")
          .setOn(CREATE, UPDATE)
          .defaultsTo(0);

  public static final Attribute<String> NAME =
      Attribute.of(THING, "name", Values.text(255))
          .about("Text.")
          .setOn(CREATE, UPDATE)
          .defaultsTo("")
          .indexed();

  public static final Attribute<UUID> IN =
      Attribute.of(THING, "in", Values.reference(BOX))
          .about("Its box.")
          .setOn(CREATE, UPDATE)
          .nullable();

  public static final Attribute<String> HOST =
      Attribute.of(THING, "host", Values.text(255))
          .about("Its host.")
          .setOn(CREATE, UPDATE)
          .nullable();

  public static final Attribute<List<UUID>> KNOWS =
      Attribute.of(THING, "knows", Values.list(Values.reference(BOX), 100, null))
          .about("Other boxes.")
          .setOn(CREATE, UPDATE)
          .defaultsTo(List.of());

  private Things() {}

  /** A catalog of both. */
  public static Catalog catalog() {
    return Catalog.builder()
        .declare(BOX, LABEL, SIZE)
        .declare(THING, NAME, IN, HOST, KNOWS)
        .build();
  }
}
