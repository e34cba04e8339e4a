package org.nucleon.server.watch;

import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.nucleon.core.ApiException;
import org.nucleon.core.Caller;
import org.nucleon.core.schema.Catalog;
import org.nucleon.core.schema.Layout;
import org.nucleon.core.schema.ResourceType;
import org.nucleon.core.schema.ResourceType.Visibility;
import org.nucleon.server.api.Bodies;
import org.nucleon.server.api.Section;
import org.nucleon.server.http.Answer;
import org.nucleon.server.http.Request;
import org.nucleon.server.identity.Identity;
import org.nucleon.server.policy.Policy;

/**
 * {@code /v2.0/watch?type=port}: whole collections for administrators, their tools and backends of
 * others, by the agents' protocol. Ends when the caller's token does.
 */
public final class CollectionWatch implements Section {

  /** The policy rule; administrators by default. */
  public static final String RULE = "watch";

  private final Catalog catalog;
  private final WatchHub hub;
  private final AgentService agents;
  private final Identity identity;

  /** Watches what the hub follows. */
  public CollectionWatch(Catalog catalog, WatchHub hub, AgentService agents, Identity identity) {
    this.catalog = catalog;
    this.hub = hub;
    this.agents = agents;
    this.identity = identity;
  }

  @Override
  public Answer answer(Request request, List<String> path, Caller caller, Policy policy) {
    if (path.size() > 1) {
      throw Section.nothingHere();
    }
    if (!request.method().equals("POST")) {
      Section.only(request, "GET");
    }
    if (!policy.may(RULE, caller)) {
      throw ApiException.forbidden(
          "PolicyNotAuthorized", "(rule:" + RULE + ") is disallowed by policy");
    }
    Map<?, ?> body = request.body().length == 0 ? Map.of() : Bodies.object(request.body(), "have");
    HostStream stream = hub.open(types(request), agents.have(body.get("have")));
    Knowledge reader = Knowledge.of(body.get("knows"));
    return Answer.streaming(out -> {
      try {
        stream.writeTo(out, reader, () -> isAdmitted(request, policy));
      } finally {
        hub.close(stream);
      }
    });
  }

  private Set<ResourceType> types(Request request) {
    Set<ResourceType> types = new LinkedHashSet<>();
    for (String name : request.query().getOrDefault("type", List.of())) {
      types.add(
          catalog
              .find(name)
              .map(Layout::type)
              .filter(type -> type.visibility() != Visibility.INTERNAL)
              .orElseThrow(
                  () -> Bodies.bad("Invalid input for type. Reason: no resource is called so.")));
    }
    if (types.isEmpty()) {
      throw Bodies.bad("type is missing: the name of a resource such as port, perhaps repeated");
    }
    return types;
  }

  private boolean isAdmitted(Request request, Policy policy) {
    try {
      return policy.may(RULE, policy.judged(identity.caller(request)));
    } catch (ApiException e) {
      return false;
    }
  }
}
