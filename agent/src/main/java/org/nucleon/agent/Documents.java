package org.nucleon.agent;

import java.time.DateTimeException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.nucleon.core.json.MalformedJson;
import org.nucleon.core.resource.Resource;
import org.nucleon.core.schema.Attribute;
import org.nucleon.core.schema.Catalog;
import org.nucleon.core.schema.InvalidValue;
import org.nucleon.core.schema.Layout;
import org.nucleon.core.schema.Values;
import org.nucleon.core.watch.HostUpdate;
import org.nucleon.core.watch.HostUpdate.Aside;
import org.nucleon.core.watch.HostUpdate.Forgotten;

/** The JSON of watches and of the snapshot on disk. */
final class Documents {

  private Documents() {}

  static HostUpdate update(Catalog catalog, @Nullable Object json) throws MalformedJson {
    if (!(json instanceof Map<?, ?> map) || !(map.get("number") instanceof Number number)) {
      throw new MalformedJson("a change set has a number");
    }
    List<Resource> put = new ArrayList<>();
    List<Aside> aside = new ArrayList<>();
    for (Object one : list(map.get("put"))) {
      if (!(one instanceof Map<?, ?> item)) {
        throw new MalformedJson("a resource is an object");
      }
      Optional<Layout> layout = catalog.find(String.valueOf(item.get("type")));
      if (layout.isPresent()) { // else of a feature that is not on here
        read(layout.get(), item, put, aside);
      }
    }
    List<Forgotten> forgotten = new ArrayList<>();
    for (Object one : list(map.get("forget"))) {
      if (one instanceof Map<?, ?> gone) {
        UUID id = id(gone);
        catalog
            .find(String.valueOf(gone.get("type")))
            .ifPresent(layout -> forgotten.add(new Forgotten(layout.type(), id)));
      }
    }
    return new HostUpdate(number.longValue(), put, forgotten, aside);
  }

  private static List<?> list(@Nullable Object json) {
    return json instanceof List<?> list ? list : List.of();
  }

  private static UUID id(Map<?, ?> map) throws MalformedJson {
    return Values.parseUuid(String.valueOf(map.get("id")))
        .orElseThrow(() -> new MalformedJson("a resource has an id"));
  }

  private static void read(Layout layout, Map<?, ?> map, List<Resource> put, List<Aside> aside)
      throws MalformedJson {
    Forgotten which = new Forgotten(layout.type(), id(map));
    List<?> unknown = list(map.get("unknown"));
    if (!unknown.isEmpty()) {
      aside.add(new Aside(which, "this agent is too old for its " + unknown));
      return;
    }
    try {
      put.add(resource(layout, which.id(), map));
    } catch (InvalidValue | DateTimeException e) {
      aside.add(new Aside(which, "cannot be read: " + e.getMessage()));
    }
  }

  @SuppressWarnings("unchecked") // JSON objects have text keys
  private static Resource resource(Layout layout, UUID id, Map<?, ?> map)
      throws MalformedJson, InvalidValue {
    if (!(map.get("document") instanceof Map<?, ?> document)) {
      throw new MalformedJson("a resource has a document");
    }
    Resource.Head head =
        new Resource.Head(
            id,
            String.valueOf(map.get("project")),
            (int) number(map, "revision"),
            Instant.ofEpochSecond(number(map, "created")),
            Instant.ofEpochSecond(number(map, "updated")),
            number(map, "number"));
    return Resource.ofDocument(layout, head, (Map<String, @Nullable Object>) document);
  }

  private static long number(Map<?, ?> map, String name) throws MalformedJson {
    if (map.get(name) instanceof Number number) {
      return number.longValue();
    }
    throw new MalformedJson("a resource has a " + name);
  }

  /** The attributes that an agent with this catalog understands, by type. */
  static Map<String, List<String>> known(Catalog catalog) {
    Map<String, List<String>> known = new LinkedHashMap<>();
    catalog
        .layouts()
        .forEach(layout ->
            known.put(
                layout.type().name(), layout.stored().stream().map(Attribute::name).toList()));
    return known;
  }

  static Map<String, Object> json(Resource resource) {
    Map<String, Object> json = new LinkedHashMap<>();
    json.put("type", resource.type().name());
    json.put("id", resource.id().toString());
    json.put("project", resource.project());
    json.put("revision", resource.revision());
    json.put("created", resource.createdAt().getEpochSecond());
    json.put("updated", resource.updatedAt().getEpochSecond());
    json.put("number", resource.number());
    json.put("document", resource.document());
    return json;
  }
}
