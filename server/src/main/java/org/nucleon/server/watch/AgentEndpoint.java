package org.nucleon.server.watch;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.nucleon.core.ApiException;
import org.nucleon.core.feature.AgentDescription;
import org.nucleon.core.json.Json;
import org.nucleon.core.json.MalformedJson;
import org.nucleon.server.http.Answer;
import org.nucleon.server.http.Endpoint;
import org.nucleon.server.http.Request;

/**
 * The agents' listener: {@code POST /watch} opens a host's watch, a line of JSON for each change
 * set; {@code POST /reports} takes what the host's data plane has confirmed. Each request carries
 * the token of its host; a watch ends when the token is withdrawn or replaced.
 */
public final class AgentEndpoint implements Endpoint {

  /** The version of this protocol; agents one release older or newer speak it too. */
  public static final int PROTOCOL = 1;

  private final AgentService service;
  private final Enrollment enrollment;

  /** Serves enrolled hosts. */
  public AgentEndpoint(AgentService service, Enrollment enrollment) {
    this.service = service;
    this.enrollment = enrollment;
  }

  @Override
  public Answer answer(Request request) {
    String authorization = request.header("Authorization");
    String host = enrollment.host(authorization);
    return switch (request.method() + " " + request.path()) {
      case "POST /watch", "GET /watch" -> watch(host, authorization, request);
      case "POST /reports" -> reports(host, request);
      default -> throw ApiException.notFound("HTTPNotFound", "The resource could not be found.");
    };
  }

  private Answer watch(String host, @Nullable String authorization, Request request) {
    Map<?, ?> body = request.body().length == 0 ? Map.of() : body(request);
    if (body.get("protocol") instanceof Number protocol
        && Math.abs(protocol.intValue() - PROTOCOL) > 1) {
      throw ApiException.badRequest(
          "ProtocolMismatch", "This server speaks protocol " + PROTOCOL + ".");
    }
    HostStream stream =
        service.connect(host, agents(body.get("agents")), service.have(body.get("have")));
    service.heard(host);
    Knowledge reader = Knowledge.of(body.get("knows"));
    return Answer.streaming(out -> {
      try {
        stream.writeTo(out, reader, () -> enrollment.admits(authorization));
      } finally {
        service.disconnect(stream);
      }
    });
  }

  /** An agent with nothing to report sends none, now and then, to be known to be alive. */
  private Answer reports(String host, Request request) {
    service.heard(host);
    Set<UUID> refused = service.report(host, AgentService.reports(body(request).get("reports")));
    if (!refused.isEmpty()) {
      throw ApiException.forbidden(
          "HTTPForbidden", "Not host " + host + "'s to report on: " + refused);
    }
    return Answer.json(200, Map.of());
  }

  private static Map<?, ?> body(Request request) {
    try {
      if (Json.parse(request.body()) instanceof Map<?, ?> map) {
        return map;
      }
    } catch (MalformedJson e) {
      throw ApiException.badRequest("HTTPBadRequest", "Body contains invalid data");
    }
    throw ApiException.badRequest("HTTPBadRequest", "Body contains invalid data");
  }

  @SuppressWarnings("unchecked") // JSON objects have text keys
  private static List<AgentDescription> agents(@Nullable Object json) {
    List<AgentDescription> agents = new ArrayList<>();
    if (json instanceof List<?> items) {
      for (Object item : items) {
        if (item instanceof Map<?, ?> map
            && map.get("configurations") instanceof Map<?, ?> configurations) {
          agents.add(
              new AgentDescription(
                  String.valueOf(map.get("role")),
                  String.valueOf(map.get("agent_type")),
                  String.valueOf(map.get("binary")),
                  String.valueOf(map.get("topic")),
                  (Map<String, Object>) configurations));
        }
      }
    }
    return agents;
  }
}
