package org.nucleon.server.api;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.nucleon.core.Caller;
import org.nucleon.core.feature.SubCollection;
import org.nucleon.core.json.Json;
import org.nucleon.core.resource.Resource;
import org.nucleon.core.schema.Layout;
import org.nucleon.core.schema.ResourceType;
import org.nucleon.core.schema.Values;
import org.nucleon.core.state.Picture;
import org.nucleon.server.http.Answer;
import org.nucleon.server.http.Request;

/** Resources below others: {@code /v2.0/agents/{id}/l3-routers}, and one of them. */
final class BelowEndpoint {

  private static final byte[] NOTHING = new byte[0];

  private final ResourceService service;
  private final Map<ResourceType, Map<String, SubCollection>> collections;

  BelowEndpoint(
      ResourceService service, Map<ResourceType, Map<String, SubCollection>> collections) {
    this.service = service;
    this.collections = collections;
  }

  /** Whether there is such a collection below resources of the type. */
  boolean has(ResourceType type, String name) {
    return collections.getOrDefault(type, Map.of()).containsKey(name);
  }

  private SubCollection collection(Layout layout, String name) {
    SubCollection collection = collections.getOrDefault(layout.type(), Map.of()).get(name);
    if (collection == null) {
      throw Section.nothingHere();
    }
    return collection;
  }

  /** The collection: GET, and POST if it takes members. */
  Answer all(Layout layout, String id, String name, Request request, Caller caller) {
    SubCollection collection = collection(layout, name);
    if (request.method().equals("GET")) {
      return list(layout, id, name, collection, caller);
    }
    if (!request.method().equals("POST") || !collection.isWritable()) {
      throw Section.wrongMethod(request);
    }
    Map<String, @Nullable Object> body = new LinkedHashMap<>();
    Bodies.object(request.body(), collection.members().name())
        .forEach((key, value) -> body.put(String.valueOf(key), value));
    service.with(
        layout,
        id,
        SubCollection.addRule(name),
        caller,
        (tx, parent) -> collection.add(tx, parent, body));
    return Answer.of(201, Json.bytes(null));
  }

  private Answer list(
      Layout layout, String id, String name, SubCollection collection, Caller caller) {
    Picture picture = service.picture();
    Resource parent =
        service
            .rights()
            .changeable(picture, caller, Place.of(layout), id, SubCollection.listRule(name));
    Renderer renderer = new Renderer(picture, caller, service.rights().policy());
    List<Object> shown = new ArrayList<>();
    for (Resource member : collection.list(picture, parent)) {
      shown.add(renderer.map(member, Set.of()));
    }
    return Answer.json(200, Map.of(collection.members().plural(), shown));
  }

  /** One member: DELETE. */
  Answer one(Layout layout, String id, String name, String member, Request request, Caller caller) {
    SubCollection collection = collection(layout, name);
    if (!request.method().equals("DELETE") || !collection.isWritable()) {
      throw Section.wrongMethod(request);
    }
    UUID memberId =
        Values.parseUuid(member).orElseThrow(() -> NotFound.of(collection.members(), member));
    service.with(
        layout,
        id,
        SubCollection.removeRule(name),
        caller,
        (tx, parent) -> collection.remove(tx, parent, memberId));
    return Answer.of(204, NOTHING);
  }
}
