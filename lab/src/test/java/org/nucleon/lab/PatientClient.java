package org.nucleon.lab;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Supplier;
import tools.jackson.databind.JsonNode;

/**
 * A client of a server that dies now and then. A request without an answer may have been done or
 * not: what became of it is looked up before it is sent again.
 */
final class PatientClient {

  private static final Duration PATIENCE = Duration.ofSeconds(60);

  private final Api api;
  private final Ledger ledger;

  PatientClient(Api api, Ledger ledger) {
    this.api = api;
    this.ledger = ledger;
  }

  /** Makes a resource; found again by the attributes {@code key}. */
  JsonNode create(String type, Map<String, ?> attributes, Map<String, String> key) {
    JsonNode made =
        until(
            "create " + type + " " + key,
            () -> api.create(type, attributes),
            () -> api.list(type, key).stream().findFirst());
    ledger.is(type, made);
    return made;
  }

  /** Makes a resource with a name of its own. */
  JsonNode create(String type, Map<String, ?> attributes) {
    return create(type, attributes, Map.of("name", (String) attributes.get("name")));
  }

  /** Changes a resource. */
  void update(String type, String id, Map<String, ?> attributes) {
    ledger.is(type, until("update " + id, () -> api.update(type, id, attributes), Optional::empty));
  }

  /** Removes a resource. */
  void delete(String type, String id) {
    until(
        "delete " + id,
        () -> {
          api.delete(type, id);
          return true;
        },
        () -> {
          try {
            api.show(type, id);
            return Optional.empty();
          } catch (ApiError e) {
            if (e.status() == 404) {
              return Optional.of(true);
            }
            throw e;
          }
        });
    ledger.gone(type, id);
  }

  /** Puts a subnet on a router, or takes it off. */
  void attach(String router, String subnet, boolean on) {
    until(
        router + " and " + subnet,
        () -> {
          String action = on ? "add_router_interface" : "remove_router_interface";
          api.action("router", router, action, Map.of("subnet_id", subnet));
          return true;
        },
        () -> Optional.of(true).filter(_ -> attached(router, subnet) == on));
  }

  private boolean attached(String router, String subnet) {
    List<JsonNode> ports =
        api.list("port", Map.of("device_id", router, "device_owner", "network:router_interface"));
    return ports.toString().contains(subnet);
  }

  private static <T> T until(String what, Supplier<T> request, Supplier<Optional<T>> outcome) {
    AtomicReference<Boolean> asked = new AtomicReference<>(false);
    return Eventually.within(
            PATIENCE,
            what,
            () -> {
              Optional<T> found = asked.get() ? answered(outcome).orElseThrow() : Optional.empty();
              asked.set(true);
              return found.or(() -> answered(request));
            },
            Optional::isPresent)
        .orElseThrow();
  }

  /** What it answers; nothing if there was no answer, or one that says to come again. */
  private static <T> Optional<T> answered(Supplier<T> request) {
    try {
      return Optional.of(request.get());
    } catch (LabException _) {
      return Optional.empty();
    } catch (ApiError e) {
      if (e.status() == 503) {
        return Optional.empty();
      }
      throw new AssertionError(e); // not to be waited out
    }
  }
}
