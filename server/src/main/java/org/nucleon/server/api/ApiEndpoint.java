package org.nucleon.server.api;

import java.io.ByteArrayOutputStream;
import java.net.URI;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.nucleon.core.ApiException;
import org.nucleon.core.Caller;
import org.nucleon.core.feature.Action;
import org.nucleon.core.feature.Parts;
import org.nucleon.core.feature.SubCollection;
import org.nucleon.core.json.Json;
import org.nucleon.core.resource.Resource;
import org.nucleon.core.schema.Catalog;
import org.nucleon.core.schema.Extension;
import org.nucleon.core.schema.Layout;
import org.nucleon.core.schema.ResourceType;
import org.nucleon.core.schema.Standard;
import org.nucleon.core.state.Picture;
import org.nucleon.core.transaction.Engine;
import org.nucleon.server.http.Answer;
import org.nucleon.server.http.Endpoint;
import org.nucleon.server.http.Request;
import org.nucleon.server.identity.Identity;

/**
 * The Networking API v2.0 over HTTP: paths, wrappers and statuses; what there is, the catalog says.
 */
public final class ApiEndpoint implements Endpoint {

  private static final byte[] NOTHING = new byte[0];

  private final Catalog catalog;
  private final ResourceService service;
  private final Map<ResourceType, Map<String, Action>> actions;
  private final Engine engine;
  private final Identity identity;
  private final Map<String, Section> sections;
  private final TagEndpoint tags;
  private final BelowEndpoint below;
  private final Map<ResourceType, Parts> parts;
  private final OpenApi description;

  /**
   * Serves what the engine holds.
   *
   * @param below resources below others, by the name that follows the other's id in paths
   * @param parts how parts are kept, by their type, where not as resources of their own
   * @param sections what is no collection of declared resources, by the first name in paths
   */
  public ApiEndpoint(
      ResourceService service,
      Map<ResourceType, Map<String, Action>> actions,
      Map<ResourceType, Map<String, SubCollection>> below,
      Map<ResourceType, Parts> parts,
      Map<String, Section> sections,
      OpenApi description,
      Identity identity) {
    this.engine = service.engine();
    this.service = service;
    this.sections = sections;
    this.description = description;
    this.identity = identity;
    this.catalog = engine.catalog();
    this.actions = actions;
    this.tags = new TagEndpoint(service);
    this.below = new BelowEndpoint(service, below);
    this.parts = parts;
  }

  @Override
  public Answer answer(Request request) {
    if (!identity.isProven()) {
      refuseForeignPages(request);
    }
    refuseForeignBodies(request);
    String path = request.path();
    if (path.endsWith(".json") && !path.contains("/tags/")) {
      path = path.substring(0, path.length() - ".json".length());
    }
    List<String> parts = new ArrayList<>(List.of(path.split("/", -1)));
    parts.removeFirst();
    if (parts.getFirst().isEmpty() && parts.size() == 1) {
      return only("GET", request, versions(request));
    }
    if (path.equals("/openapi")) {
      Section.only(request, "GET");
      return Answer.of(200, description.bytes());
    }
    if (path.equals("/healthcheck")) {
      return engine.isWritable()
          ? Answer.json(200, health())
          : Answer.json(503, Map.of("status", "the database takes no changes"));
    }
    if (!parts.getFirst().equals("v2.0")) {
      throw Section.nothingHere();
    }
    parts.removeFirst();
    Caller caller;
    try {
      caller = service.rights().policy().judged(identity.caller(request));
    } catch (ApiException e) {
      if (e.status() == 401) {
        return unauthorized(e);
      }
      throw e;
    }
    engine.awaitNewest(); // another server may have answered what this request rests on
    return answer(request, parts, caller);
  }

  /** As Keystone's own services answer, with where to get a token. */
  private Answer unauthorized(ApiException e) {
    Map<String, Object> error = new LinkedHashMap<>();
    error.put("code", 401);
    error.put("title", "Unauthorized");
    error.put("message", String.valueOf(e.getMessage()));
    return Answer.json(401, Map.of("error", error)).with("WWW-Authenticate", identity.challenge());
  }

  private Answer answer(Request request, List<String> path, Caller caller) {
    List<String> names = path;
    if (!names.isEmpty() && names.getLast().isEmpty()) {
      names.removeLast();
    }
    if (names.isEmpty()) {
      return only("GET", request, resources(request));
    }
    if (names.getFirst().equals("extensions")) {
      return extensions(request, names);
    }
    if (names.size() > 1
        && !sections.containsKey(names.getFirst())
        && catalog.byPath(names.getFirst()).isEmpty()) {
      String prefixed = names.removeFirst() + "/" + names.removeFirst();
      names.addFirst(prefixed);
    }
    Section section = sections.get(names.getFirst());
    if (section != null) {
      return section.answer(request, names, caller, service.rights().policy());
    }
    Optional<Layout> aliased = catalog.byAlias(names.getFirst());
    if (aliased.isPresent() && names.size() == 2) {
      return member(Place.alias(aliased.get()), names.get(1), request, caller);
    }
    Layout layout = catalog.byPath(names.getFirst()).orElseThrow(Section::nothingHere);
    Place place = Place.of(layout);
    if (names.size() > 2) {
      Optional<Layout> below = catalog.below(layout.type(), names.get(2));
      if (below.isPresent()) {
        place =
            Place.below(
                layout,
                names.get(1),
                below.get(),
                parts.getOrDefault(below.get().type(), Parts.STORED));
        names = names.subList(2, names.size());
      }
    }
    return answer(request, place, names, caller);
  }

  /** Answers what is asked of a place, whose name is the first of those given. */
  private Answer answer(Request request, Place place, List<String> names, Caller caller) {
    if (names.size() == 1) {
      return collection(place, request, caller);
    }
    if (names.size() == 2) {
      return member(place, names.get(1), request, caller);
    }
    if (place.whole() != null) {
      if (names.size() > 3) {
        throw Section.nothingHere();
      }
      return action(place, names.get(1), names.get(2), request, caller);
    }
    Layout layout = place.layout();
    return switch (names.size()) {
      case 3 ->
          names.get(2).equals(Standard.TAGS)
              ? tags.all(layout, names.get(1), request, caller)
              : below.has(layout.type(), names.get(2))
                  ? below.all(layout, names.get(1), names.get(2), request, caller)
                  : action(place, names.get(1), names.get(2), request, caller);
      case 4 -> {
        if (below.has(layout.type(), names.get(2))) {
          yield below.one(layout, names.get(1), names.get(2), names.get(3), request, caller);
        }
        if (!names.get(2).equals(Standard.TAGS)) {
          throw Section.nothingHere();
        }
        yield tags.one(layout, names.get(1), names.get(3), request, caller);
      }
      default -> throw Section.nothingHere();
    };
  }

  /** How far the log is, and how often rules had to run again because of others. */
  private Map<String, Object> health() {
    Map<String, Object> health = new LinkedHashMap<>();
    health.put("status", "OK");
    health.put("change_number", engine.picture().number());
    health.put("reruns", engine.reruns());
    return health;
  }

  /**
   * Without an identity service anyone who reaches the loopback address is let in; a page in a
   * browser on this machine must not be. It can name our address by a name of its own, and it can
   * post forms.
   */
  private static void refuseForeignPages(Request request) {
    String host = URI.create(request.base()).getHost();
    if (host == null || !Set.of("127.0.0.1", "localhost", "[::1]").contains(host)) {
      throw ApiException.forbidden(
          "HTTPForbidden", "Without an identity service only loopback addresses are served.");
    }
  }

  private static void refuseForeignBodies(Request request) {
    String type = request.header("Content-Type");
    if (request.body().length > 0
        && (type == null || !type.toLowerCase(java.util.Locale.ROOT).contains("json"))) {
      throw new ApiException(
          415, "HTTPUnsupportedMediaType", "The Content-Type must be application/json.");
    }
  }

  private static Answer only(String method, Request request, Object json) {
    Section.only(request, method);
    return Answer.json(200, json);
  }

  private static Object versions(Request request) {
    Map<String, Object> version = new LinkedHashMap<>();
    version.put("id", "v2.0");
    version.put("status", "CURRENT");
    version.put("links", List.of(Map.of("rel", "self", "href", request.base() + "/v2.0/")));
    return Map.of("versions", List.of(version));
  }

  private Object resources(Request request) {
    List<Object> resources = new ArrayList<>();
    for (Layout layout : catalog.layouts()) {
      ResourceType type = layout.type();
      if (catalog.byPath(type.path()).isPresent()) {
        Map<String, Object> resource = new LinkedHashMap<>();
        resource.put("name", type.name());
        resource.put("collection", type.plural());
        resource.put(
            "links",
            List.of(Map.of("rel", "self", "href", request.base() + "/v2.0/" + type.path())));
        resources.add(resource);
      }
    }
    return Map.of("resources", resources);
  }

  private Answer extensions(Request request, List<String> parts) {
    if (parts.size() == 1) {
      return only(
          "GET",
          request,
          Map.of("extensions", catalog.extensions().stream().map(ApiEndpoint::describe).toList()));
    }
    return catalog.extensions().stream()
        .filter(e -> parts.size() == 2 && e.alias().equals(parts.get(1)))
        .findFirst()
        .map(e -> only("GET", request, Map.of("extension", describe(e))))
        .orElseThrow(() ->
            ApiException.notFound(
                "ExtensionsNotFound", "Extensions not found: " + parts.getLast() + "."));
  }

  private static Map<String, Object> describe(Extension extension) {
    Map<String, Object> description = new LinkedHashMap<>();
    description.put("name", extension.name());
    description.put("alias", extension.alias());
    description.put("description", extension.description());
    description.put("updated", extension.updated());
    description.put("links", List.of());
    return description;
  }

  private Answer collection(Place place, Request request, Caller caller) {
    return switch (request.method()) {
      case "GET" -> list(place, request, caller);
      case "POST" -> create(place, request, caller);
      default -> throw Section.wrongMethod(request);
    };
  }

  private Answer create(Place place, Request request, Caller caller) {
    var _ = service.rights().whole(service.picture(), caller, place); // not there, whatever is sent
    BodyParser.Creates creates = BodyParser.creates(place.layout(), request.body(), caller);
    List<Resource> created = service.create(place, creates.bodies(), caller);
    return creates.bulk()
        ? Answer.of(201, list(place.type().plural(), created, caller, Set.of(), List.of()))
        : one(201, place, created.getFirst(), caller);
  }

  private Answer one(int status, Place place, Resource resource, Caller caller) {
    return Answer.of(status, wrapped(place.wrapper(), renderer(caller).bytes(resource)));
  }

  private Renderer renderer(Caller caller) {
    return new Renderer(service.picture(), caller, service.rights().policy());
  }

  private static byte[] wrapped(String name, byte[] json) {
    ByteArrayOutputStream out = new ByteArrayOutputStream(json.length + name.length() + 8);
    out.writeBytes(("{\"" + name + "\":").getBytes(java.nio.charset.StandardCharsets.UTF_8));
    out.writeBytes(json);
    out.write('}');
    return out.toByteArray();
  }

  private Answer list(Place place, Request request, Caller caller) {
    Layout layout = place.layout();
    ListQuery query =
        ListQuery.parse(
            layout,
            request.query(),
            attribute -> service.rights().policy().shows(layout, attribute, caller));
    service.prepare(layout, caller);
    Picture picture = service.picture();
    ListQuery.Page page = service.list(picture, place, query, caller);
    List<Map<String, String>> links =
        query.links(request.base() + "/v2.0/" + place.path(), request.query(), page);
    return Answer.of(
        200, list(layout.type().plural(), page.resources(), caller, query.fields(), links));
  }

  private byte[] list(
      String name,
      Collection<Resource> resources,
      Caller caller,
      Set<String> fields,
      List<Map<String, String>> links) {
    Renderer renderer = renderer(caller);
    ByteArrayOutputStream out = new ByteArrayOutputStream(256 + resources.size() * 640);
    out.writeBytes(("{\"" + name + "\":[").getBytes(java.nio.charset.StandardCharsets.UTF_8));
    boolean first = true;
    for (Resource resource : resources) {
      if (!first) {
        out.write(',');
      }
      first = false;
      out.writeBytes(
          fields.isEmpty() ? renderer.bytes(resource) : Json.bytes(renderer.map(resource, fields)));
    }
    out.write(']');
    if (!links.isEmpty()) {
      out.writeBytes(
          (",\"" + name + "_links\":").getBytes(java.nio.charset.StandardCharsets.UTF_8));
      out.writeBytes(Json.bytes(links));
    }
    out.write('}');
    return out.toByteArray();
  }

  private Answer member(Place place, String id, Request request, Caller caller) {
    String ifMatch = request.header("If-Match");
    return switch (request.method()) {
      case "GET" -> show(place, id, request, caller);
      case "PUT" -> {
        service.show(
            place, id, caller); // what the caller may not know of is not found, whatever the body
        BodyParser.Body body = BodyParser.update(place, request.body(), caller);
        yield one(200, place, service.update(place, id, body, ifMatch, caller), caller);
      }
      case "DELETE" -> {
        if (request.body().length > 0) {
          throw Bodies.bad("Request body is not supported in DELETE.");
        }
        service.delete(place, id, ifMatch, caller);
        yield Answer.of(204, NOTHING);
      }
      default -> throw Section.wrongMethod(request);
    };
  }

  private Answer show(Place place, String id, Request request, Caller caller) {
    Resource resource = service.show(place, id, caller);
    List<String> fields = request.query().getOrDefault("fields", List.of());
    return fields.isEmpty()
        ? one(200, place, resource, caller)
        : Answer.json(
            200, Map.of(place.wrapper(), renderer(caller).map(resource, Set.copyOf(fields))));
  }

  private Answer action(Place place, String id, String name, Request request, Caller caller) {
    Action action =
        Optional.ofNullable(actions.getOrDefault(place.type(), Map.of()).get(name))
            .orElseThrow(Section::nothingHere);
    if (!request.method().equals("PUT")) {
      throw Section.wrongMethod(request);
    }
    Map<String, @Nullable Object> body = new LinkedHashMap<>();
    if (request.body().length > 0) {
      Bodies.object(request.body(), place.type().name())
          .forEach((key, value) -> body.put(String.valueOf(key), value));
    }
    Object answer = service.act(place, id, name, action, body, request.header("If-Match"), caller);
    if (!(answer instanceof Map<?, ?> members)) {
      return Answer.json(200, answer);
    }
    Map<String, @Nullable Object> shown = new LinkedHashMap<>();
    Renderer renderer = renderer(caller);
    members.forEach((member, value) ->
        shown.put(
            String.valueOf(member),
            value instanceof Resource resource ? renderer.map(resource, Set.of()) : value));
    return Answer.json(200, shown);
  }
}
