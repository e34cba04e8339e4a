package com.example.racks;

import static org.nucleon.core.schema.Operation.CREATE;
import static org.nucleon.core.schema.Operation.UPDATE;

import java.util.UUID;
import org.nucleon.core.schema.Access;
import org.nucleon.core.schema.Attribute;
import org.nucleon.core.schema.Catalog;
import org.nucleon.core.schema.Extension;
import org.nucleon.core.schema.ResourceType;
import org.nucleon.core.schema.Standard;
import org.nucleon.core.schema.Values;
import org.nucleon.network.api.Ports;

/** Racks, and the rack of each port: everything that the API knows of them. */
final class Racks {

  /** What clients look for in {@code /v2.0/extensions}. */
  static final Extension RACKS =
      new Extension("racks", "Racks", "Ports are in racks.", "2026-11-24T00:00:00-00:00");

  /** A rack; {@code /v2.0/racks}. */
  static final ResourceType RACK = ResourceType.of("rack", "racks", "A place for devices.");

  static final Attribute<String> NAME = Standard.name(RACK);

  /** How many ports fit. */
  static final Attribute<Integer> CAPACITY =
      Attribute.of(RACK, "capacity", Values.integer(0, 1_000))
          .about("How many ports it has room for.")
          .setOn(CREATE, UPDATE)
          .writtenBy(Access.ADMIN)
          .defaultsTo(48)
          .filter()
          .sort();

  /** The rack that a port is in. */
  static final Attribute<UUID> OF_PORT =
      Attribute.of(Ports.PORT, "rack_id", Values.reference(RACK))
          .about("The rack that it is in, null for none.")
          .ignorable()
          .extension(RACKS)
          .setOn(CREATE, UPDATE)
          .nullable()
          .filter();

  private Racks() {}

  static void declare(Catalog.Builder catalog) {
    catalog
        .extension(RACKS)
        .declare(RACK, NAME, CAPACITY)
        .extend(Ports.PORT, OF_PORT)
        .quota(RACK, 20)
        .policy("get_rack", "rule:regular_user");
  }
}
