package org.nucleon.agent;

import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.nucleon.agent.api.Item;
import org.nucleon.core.resource.Resource;
import org.nucleon.core.schema.Attribute;
import org.nucleon.core.schema.Catalog;
import org.nucleon.core.schema.InvalidValue;
import org.nucleon.core.schema.Operation;
import org.nucleon.core.schema.ResourceType;
import org.nucleon.core.schema.Values;
import org.nucleon.core.watch.HostUpdate;
import org.nucleon.core.watch.HostUpdate.Forgotten;

/** Declarations and host items for tests: guests, each on a net, and what a host has of them. */
final class Toy {

  static final ResourceType GUEST = ResourceType.of("guest", "guests", "Runs on a host.");

  static final Attribute<String> NET =
      Attribute.of(GUEST, "net", Values.text(255))
          .about("Its net.")
          .setOn(Operation.CREATE)
          .defaultsTo("");

  /** What is wrong with it: empty for nothing. */
  static final Attribute<String> POISON =
      Attribute.of(GUEST, "poison", Values.text(255))
          .about("What its planner makes of it.")
          .setOn(Operation.CREATE)
          .defaultsTo("");

  static final Attribute<Integer> SIZE =
      Attribute.of(GUEST, "size", Values.integer(0, 1_000))
          .about("How large.")
          .setOn(Operation.CREATE)
          .defaultsTo(0);

  static final Catalog CATALOG = Catalog.builder().declare(GUEST, NET, POISON, SIZE).build();

  /** A device. */
  record Link(String name) implements Item {
    @Override
    public Object key() {
      return name;
    }
  }

  /** A device's place in the switch; {@code vlan} keeps nets apart. */
  record Plug(String name, int vlan) implements Item {
    @Override
    public Object key() {
      return name;
    }
  }

  /** Lets a plug's traffic through, in its net. */
  record Flow(String name, int vlan, String net) implements Item {
    @Override
    public Object key() {
      return name;
    }
  }

  /** A route to a guest. */
  record Route(String name) implements Item {
    @Override
    public Object key() {
      return name;
    }
  }

  /** A program that serves a net: several guests ask for the same one. */
  record Program(String net) implements Item {
    @Override
    public Object key() {
      return net;
    }
  }

  /** What a program knows of a guest. */
  record Entry(String name, int size) implements Item {
    @Override
    public Object key() {
      return name;
    }
  }

  private Toy() {}

  /** The same id for the same name, always. */
  static UUID id(String name) {
    return UUID.nameUUIDFromBytes(name.getBytes(StandardCharsets.UTF_8));
  }

  static Resource guest(String name, long number, Map<String, @Nullable Object> document) {
    Resource.Head head = new Resource.Head(id(name), "p", 1, Instant.EPOCH, Instant.EPOCH, number);
    try {
      return Resource.ofDocument(CATALOG.layout(GUEST), head, new LinkedHashMap<>(document));
    } catch (InvalidValue e) {
      throw new IllegalArgumentException(e);
    }
  }

  static Resource guest(String name, long number, String net) {
    return guest(name, number, Map.of("net", net));
  }

  static Resource poisoned(String name, long number, String poison) {
    return guest(name, number, Map.of("net", "n1", "poison", poison));
  }

  static HostUpdate put(long number, Resource... resources) {
    return new HostUpdate(number, List.of(resources), List.of());
  }

  static HostUpdate forget(long number, String... names) {
    return new HostUpdate(
        number,
        List.of(),
        List.of(names).stream().map(name -> new Forgotten(GUEST, id(name))).toList());
  }
}
