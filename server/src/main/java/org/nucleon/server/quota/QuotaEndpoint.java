package org.nucleon.server.quota;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeSet;
import org.nucleon.core.ApiException;
import org.nucleon.core.Caller;
import org.nucleon.core.resource.Draft;
import org.nucleon.core.resource.Resource;
import org.nucleon.core.schema.InvalidValue;
import org.nucleon.core.schema.ResourceType;
import org.nucleon.core.schema.Values;
import org.nucleon.core.state.Picture;
import org.nucleon.core.transaction.Engine;
import org.nucleon.core.transaction.Transaction;
import org.nucleon.server.api.Bodies;
import org.nucleon.server.api.Section;
import org.nucleon.server.http.Answer;
import org.nucleon.server.http.Request;
import org.nucleon.server.policy.Policy;

/** {@code /v2.0/quotas}: what projects may have, and what they have. */
public final class QuotaEndpoint implements Section {

  private static final int MAX_PROJECT = 255;

  private final Engine engine;
  private final Quotas quotas;

  /** Serves the limits that an engine holds. */
  public QuotaEndpoint(Engine engine, Quotas quotas) {
    this.engine = engine;
    this.quotas = quotas;
  }

  @Override
  public Answer answer(Request request, List<String> path, Caller caller, Policy policy) {
    if (path.size() == 1) {
      Section.only(request, "GET");
      demand("get_quota", caller, policy);
      return Answer.json(200, Map.of("quotas", list()));
    }
    String project = path.get(1);
    if (project.isBlank() || project.length() > MAX_PROJECT) {
      throw Bodies.bad("A project's id has 1 to " + MAX_PROJECT + " characters");
    }
    if (path.size() == 2) {
      return switch (request.method()) {
        case "GET" -> show(project, caller, policy);
        case "PUT" -> {
          demand("update_quota", caller, policy);
          yield update(project, request);
        }
        case "DELETE" -> {
          demand("delete_quota", caller, policy);
          yield delete(project);
        }
        default -> throw Section.wrongMethod(request);
      };
    }
    Section.only(request, "GET");
    demandOf(project, caller, policy);
    return switch (path.size() == 3 ? path.get(2) : "") {
      case "default" -> Answer.json(200, Map.of("quota", defaults()));
      case "details" -> Answer.json(200, Map.of("quota", details(project)));
      default -> throw Section.nothingHere();
    };
  }

  private Answer show(String project, Caller caller, Policy policy) {
    return switch (project) {
      case "project" -> Answer.json(200, Map.of("project", Map.of("project_id", caller.project())));
      case "tenant" -> Answer.json(200, Map.of("tenant", Map.of("tenant_id", caller.project())));
      default -> {
        demandOf(project, caller, policy);
        yield Answer.json(200, Map.of("quota", limits(project)));
      }
    };
  }

  private static void demandOf(String project, Caller caller, Policy policy) {
    if (!project.equals(caller.project())) {
      demand("get_quota", caller, policy);
    }
  }

  private static void demand(String rule, Caller caller, Policy policy) {
    if (!policy.may(rule, caller)) {
      throw ApiException.forbidden(
          "PolicyNotAuthorized", "(rule:" + rule + ") is disallowed by policy");
    }
  }

  private List<Object> list() {
    List<Object> list = new ArrayList<>();
    for (Resource own : engine.picture().all(Quotas.QUOTA)) {
      Map<String, Object> one = new LinkedHashMap<>(limits(own.project()));
      one.put("tenant_id", own.project());
      one.put("project_id", own.project());
      list.add(one);
    }
    return list;
  }

  private Map<String, Object> limits(String project) {
    Picture picture = engine.picture();
    Map<String, Object> limits = new LinkedHashMap<>();
    for (ResourceType type : quotas.defaults().keySet()) {
      limits.put(type.name(), quotas.limit(picture, type, project));
    }
    return limits;
  }

  private Map<String, Object> defaults() {
    Map<String, Object> limits = new LinkedHashMap<>();
    quotas.defaults().forEach((type, limit) -> limits.put(type.name(), limit));
    return limits;
  }

  private Map<String, Object> details(String project) {
    Picture picture = engine.picture();
    Map<String, Object> details = new LinkedHashMap<>();
    for (ResourceType type : quotas.defaults().keySet()) {
      Map<String, Object> one = new LinkedHashMap<>();
      one.put("limit", quotas.limit(picture, type, project));
      one.put("used", picture.count(type, project));
      one.put("reserved", 0);
      details.put(type.name(), one);
    }
    return details;
  }

  private Answer update(String project, Request request) {
    Map<String, Object> given = new LinkedHashMap<>();
    Bodies.inner(request.body(), "quota").forEach((name, value) -> given.put("" + name, value));
    boolean checks = Boolean.TRUE.equals(given.remove("check_limit"));
    given.remove("force");
    Map<ResourceType, Integer> limits = limits(given);
    engine.write(
        Caller.SYSTEM,
        tx -> {
          if (checks) {
            limits.forEach((type, limit) -> refuseBelowUse(tx, type, project, limit));
          }
          set(tx, project, limits);
          return true;
        });
    return Answer.json(200, Map.of("quota", limits(project)));
  }

  private Map<ResourceType, Integer> limits(Map<String, Object> given) {
    Map<ResourceType, Integer> limits = new LinkedHashMap<>();
    for (ResourceType type : quotas.defaults().keySet()) {
      if (given.containsKey(type.name())) {
        limits.put(type, limit(type, given.remove(type.name())));
      }
    }
    if (!given.isEmpty()) {
      throw Bodies.bad(
          "Unrecognized attribute(s) '" + String.join(", ", new TreeSet<>(given.keySet())) + "'");
    }
    return limits;
  }

  private static int limit(ResourceType type, Object value) {
    try {
      return Values.integer(-1, Integer.MAX_VALUE).parse(value == null ? "None" : value);
    } catch (InvalidValue e) {
      throw Bodies.bad("Invalid input for " + type.name() + ". Reason: " + e.getMessage() + ".");
    }
  }

  private static void refuseBelowUse(Transaction tx, ResourceType type, String project, int limit) {
    int used = tx.count(type, project);
    if (limit >= 0 && used > limit) {
      throw ApiException.badRequest(
          "InvalidQuotaValue",
          "Quota limit %d for %s must be greater than or equal to already used %d"
              .formatted(limit, type.name(), used));
    }
  }

  private static void set(Transaction tx, String project, Map<ResourceType, Integer> limits) {
    Optional<Resource> own = Quotas.own(tx, project);
    Map<String, Object> all = new LinkedHashMap<>();
    own.ifPresent(o -> all.putAll(o.get(Quotas.LIMITS)));
    limits.forEach((type, limit) -> all.put(type.name(), (long) limit));
    if (own.isPresent()) {
      tx.update(own.get(), draft -> draft.set(Quotas.LIMITS, all));
      return;
    }
    Draft draft = tx.draft(Quotas.QUOTA, project).set(Quotas.LIMITS, all);
    tx.claim(Quotas.of(project), draft.id());
    tx.create(draft);
  }

  private Answer delete(String project) {
    engine.write(
        Caller.SYSTEM,
        tx -> {
          tx.delete(
              Quotas.own(tx, project)
                  .orElseThrow(() ->
                      ApiException.notFound(
                          "TenantQuotaNotFound",
                          "Quota for tenant " + Values.quoted(project) + " could not be found.")));
          return true;
        });
    return Answer.of(204, new byte[0]);
  }
}
