package org.nucleon.router.server;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.nucleon.core.ApiException;
import org.nucleon.core.resource.Resource;
import org.nucleon.core.schema.InvalidValue;
import org.nucleon.core.schema.Values;
import org.nucleon.core.transaction.Transaction;
import org.nucleon.network.api.HostRoute;
import org.nucleon.router.api.Routers;

/**
 * The actions {@code add_extraroutes} and {@code remove_extraroutes}: several clients can change a
 * router's routes without knowing each other's.
 */
final class ExtraRoutes {

  private ExtraRoutes() {}

  static Map<String, @Nullable Object> add(
      Transaction tx, Resource router, Map<String, @Nullable Object> body) {
    List<HostRoute> routes = new ArrayList<>(router.get(Routers.ROUTES));
    for (HostRoute route : routes(body)) {
      if (!routes.contains(route)) {
        routes.add(route);
      }
    }
    return set(tx, router, routes);
  }

  static Map<String, @Nullable Object> remove(
      Transaction tx, Resource router, Map<String, @Nullable Object> body) {
    List<HostRoute> routes = new ArrayList<>(router.get(Routers.ROUTES));
    routes.removeAll(routes(body));
    return set(tx, router, routes);
  }

  private static Map<String, @Nullable Object> set(
      Transaction tx, Resource router, List<HostRoute> routes) {
    return Map.of(
        Routers.ROUTER.name(),
        tx.update(router, draft -> draft.set(Routers.ROUTES, List.copyOf(routes))));
  }

  private static List<HostRoute> routes(Map<String, @Nullable Object> body) {
    String wrapper = Routers.ROUTER.name();
    if (!(body.get(wrapper) instanceof Map<?, ?> inner) || body.size() != 1) {
      throw bad("Unable to find '" + wrapper + "', and nothing else, in request body");
    }
    String name = Routers.ROUTES.name();
    for (Object key : inner.keySet()) {
      if (!key.equals(name)) {
        throw bad("Unrecognized attribute(s) " + Values.quoted(key));
      }
    }
    Object given = inner.get(name);
    if (given == null) {
      throw bad("Failed to parse request. Required attribute '" + name + "' not specified");
    }
    try {
      return Routers.ROUTES.type().parse(given);
    } catch (InvalidValue e) {
      throw bad("Invalid input for " + name + ". Reason: " + e.getMessage() + ".");
    }
  }

  private static ApiException bad(String message) {
    return ApiException.badRequest("HTTPBadRequest", message);
  }
}
