package org.nucleon.agent;

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
import org.nucleon.core.schema.Catalog;
import org.nucleon.core.schema.InvalidValue;
import org.nucleon.core.watch.HostUpdate;
import org.nucleon.core.watch.HostUpdate.Forgotten;

/** The JSON of watches and of the snapshot on disk. */
final class Documents {

  private Documents() {}

  static HostUpdate update(Catalog catalog, @Nullable Object json) throws MalformedJson {
    if (!(json instanceof Map<?, ?> map) || !(map.get("number") instanceof Number number)) {
      throw new MalformedJson("a change set has a number");
    }
    List<Resource> put = new ArrayList<>();
    for (Object one : list(map.get("put"))) {
      resource(catalog, one).ifPresent(put::add);
    }
    List<Forgotten> forgotten = new ArrayList<>();
    for (Object one : list(map.get("forget"))) {
      if (one instanceof Map<?, ?> gone) {
        catalog
            .find(String.valueOf(gone.get("type")))
            .ifPresent(layout ->
                forgotten.add(
                    new Forgotten(layout.type(), UUID.fromString(String.valueOf(gone.get("id"))))));
      }
    }
    return new HostUpdate(number.longValue(), put, forgotten);
  }

  private static List<?> list(@Nullable Object json) {
    return json instanceof List<?> list ? list : List.of();
  }

  /** Empty for a type of a feature that is not on here. */
  @SuppressWarnings("unchecked") // JSON objects have text keys
  private static Optional<Resource> resource(Catalog catalog, @Nullable Object json)
      throws MalformedJson {
    if (!(json instanceof Map<?, ?> map) || !(map.get("document") instanceof Map<?, ?> document)) {
      throw new MalformedJson("a resource has a document");
    }
    var layout = catalog.find(String.valueOf(map.get("type")));
    if (layout.isEmpty()) {
      return Optional.empty();
    }
    Resource.Head head =
        new Resource.Head(
            UUID.fromString(String.valueOf(map.get("id"))),
            String.valueOf(map.get("project")),
            (int) number(map, "revision"),
            Instant.ofEpochSecond(number(map, "created")),
            Instant.ofEpochSecond(number(map, "updated")),
            number(map, "number"));
    try {
      return Optional.of(
          Resource.ofDocument(layout.get(), head, (Map<String, @Nullable Object>) document));
    } catch (InvalidValue e) {
      throw new MalformedJson(map.get("type") + " " + head.id() + ": " + e.getMessage());
    }
  }

  private static long number(Map<?, ?> map, String name) throws MalformedJson {
    if (map.get(name) instanceof Number number) {
      return number.longValue();
    }
    throw new MalformedJson("a resource has a " + name);
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
