package org.nucleon.server.api;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.nucleon.core.ApiException;
import org.nucleon.core.Caller;
import org.nucleon.core.resource.Resource;
import org.nucleon.core.schema.Attribute;
import org.nucleon.core.schema.InvalidValue;
import org.nucleon.core.schema.Layout;
import org.nucleon.core.schema.Standard;
import org.nucleon.core.schema.Values;
import org.nucleon.server.http.Answer;
import org.nucleon.server.http.Request;

/** {@code /v2.0/networks/{id}/tags}: the tags of any resource that has some. */
final class TagEndpoint {

  private static final byte[] NOTHING = new byte[0];

  private final ResourceService service;

  TagEndpoint(ResourceService service) {
    this.service = service;
  }

  /** All of them: {@code /tags}. */
  Answer all(Layout layout, String id, Request request, Caller caller) {
    Attribute<List<String>> tags = tags(layout);
    Resource resource = service.show(Place.of(layout), id, caller);
    return switch (request.method()) {
      case "GET" -> Answer.json(200, Map.of("tags", resource.get(tags)));
      case "PUT" -> {
        Object given = Bodies.object(request.body(), Standard.TAGS).get(Standard.TAGS);
        List<String> wanted = parse(tags, given == null ? "None" : given);
        set(layout, id, request, caller, tags, wanted);
        yield Answer.json(200, Map.of("tags", wanted));
      }
      case "DELETE" -> {
        set(layout, id, request, caller, tags, List.of());
        yield Answer.of(204, NOTHING);
      }
      default -> throw Section.wrongMethod(request);
    };
  }

  /** One of them: {@code /tags/{tag}}. */
  Answer one(Layout layout, String id, String tag, Request request, Caller caller) {
    Attribute<List<String>> tags = tags(layout);
    boolean there = service.show(Place.of(layout), id, caller).get(tags).contains(tag);
    return switch (request.method()) {
      case "GET" -> {
        if (!there) {
          throw notFound(tag);
        }
        yield Answer.of(204, NOTHING);
      }
      case "PUT" -> {
        service.change(
            Place.of(layout),
            id,
            request.header("If-Match"),
            caller,
            draft -> {
              List<String> more = new ArrayList<>(draft.get(tags));
              more.remove(tag);
              more.add(tag);
              draft.set(tags, draft.get(tags).contains(tag) ? draft.get(tags) : parse(tags, more));
            });
        yield Answer.of(201, NOTHING);
      }
      case "DELETE" -> {
        service.change(
            Place.of(layout),
            id,
            request.header("If-Match"),
            caller,
            draft -> {
              List<String> fewer = new ArrayList<>(draft.get(tags));
              if (!fewer.remove(tag)) {
                throw notFound(tag);
              }
              draft.set(tags, List.copyOf(fewer));
            });
        yield Answer.of(204, NOTHING);
      }
      default -> throw Section.wrongMethod(request);
    };
  }

  private void set(
      Layout layout,
      String id,
      Request request,
      Caller caller,
      Attribute<List<String>> tags,
      List<String> wanted) {
    service.change(
        Place.of(layout), id, request.header("If-Match"), caller, draft -> draft.set(tags, wanted));
  }

  @SuppressWarnings("unchecked") // Standard declares it for every type that has it
  private static Attribute<List<String>> tags(Layout layout) {
    return (Attribute<List<String>>)
        layout.attribute(Standard.TAGS).orElseThrow(Section::nothingHere);
  }

  private static List<String> parse(Attribute<List<String>> tags, Object json) {
    try {
      return tags.type().parse(json);
    } catch (InvalidValue e) {
      throw BodyParser.invalid(tags, e);
    }
  }

  private static ApiException notFound(String tag) {
    return ApiException.notFound(
        "TagNotFound", "Tag " + Values.quoted(tag) + " could not be found.");
  }
}
