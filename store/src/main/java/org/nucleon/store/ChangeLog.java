package org.nucleon.store;

import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.nucleon.core.json.Json;
import org.nucleon.core.json.MalformedJson;
import org.nucleon.core.resource.Resource.Head;
import org.nucleon.core.state.Claim;
import org.nucleon.core.transaction.Store.StoredChange;
import org.nucleon.core.transaction.Store.StoredChangeSet;
import org.nucleon.core.transaction.StoreException;

/**
 * A change set as the log has it: JSON, with documents as text in it, so that their depth does not
 * add to its own.
 */
final class ChangeLog {

  private ChangeLog() {}

  static String text(StoredChangeSet set) {
    Map<String, Object> json = new LinkedHashMap<>();
    json.put("changes", set.changes().stream().map(ChangeLog::json).toList());
    json.put(
        "claimed",
        set.claimed().entrySet().stream()
            .map(e -> List.of(kindScopeValue(e.getKey()), e.getValue().toString()))
            .toList());
    json.put("released", set.released().stream().map(ChangeLog::kindScopeValue).toList());
    json.put("guarded", ids(set.guarded()));
    json.put("relied", ids(set.relied()));
    json.put("requested", ids(set.requested()));
    return Json.text(json);
  }

  private static Map<String, @Nullable Object> json(StoredChange change) {
    Head head = change.head();
    Map<String, @Nullable Object> json = new LinkedHashMap<>();
    json.put("type", change.type());
    json.put("id", head.id().toString());
    json.put("project", head.project());
    json.put("revision", head.revision());
    json.put("created", head.createdAt().getEpochSecond());
    json.put("updated", head.updatedAt().getEpochSecond());
    json.put("number", head.number());
    json.put("new", change.isNew());
    json.put("document", change.document());
    json.put("before", change.before());
    return json;
  }

  private static List<String> kindScopeValue(Claim claim) {
    return List.of(claim.kind(), claim.scope(), claim.value());
  }

  private static List<String> ids(Set<UUID> ids) {
    return ids.stream().map(UUID::toString).toList();
  }

  static StoredChangeSet parse(long number, String text) throws StoreException {
    try {
      Map<?, ?> json = (Map<?, ?>) Objects.requireNonNull(Json.parse(text));
      List<StoredChange> changes = new ArrayList<>();
      for (Object change : list(json, "changes")) {
        changes.add(change((Map<?, ?>) change));
      }
      Map<Claim, UUID> claimed = new LinkedHashMap<>();
      for (Object entry : list(json, "claimed")) {
        List<?> pair = (List<?>) entry;
        claimed.put(claim((List<?>) pair.get(0)), UUID.fromString((String) pair.get(1)));
      }
      Set<Claim> released = new HashSet<>();
      for (Object claim : list(json, "released")) {
        released.add(claim((List<?>) claim));
      }
      return new StoredChangeSet(
          number,
          changes,
          claimed,
          released,
          ids(json, "guarded"),
          ids(json, "relied"),
          ids(json, "requested"));
    } catch (MalformedJson
        | ClassCastException
        | IllegalArgumentException
        | NullPointerException e) {
      throw new StoreException("change " + number + " in the log cannot be read", e);
    }
  }

  private static StoredChange change(Map<?, ?> json) {
    Head head =
        new Head(
            UUID.fromString(text(json, "id")),
            text(json, "project"),
            (int) number(json, "revision"),
            Instant.ofEpochSecond(number(json, "created")),
            Instant.ofEpochSecond(number(json, "updated")),
            number(json, "number"));
    return new StoredChange(
        text(json, "type"),
        head,
        (String) json.get("document"),
        text(json, "before"),
        Boolean.TRUE.equals(json.get("new")),
        List.of());
  }

  private static Claim claim(List<?> parts) {
    return new Claim((String) parts.get(0), (String) parts.get(1), (String) parts.get(2));
  }

  private static Set<UUID> ids(Map<?, ?> json, String name) {
    Set<UUID> ids = new HashSet<>();
    for (Object id : list(json, name)) {
      ids.add(UUID.fromString((String) id));
    }
    return ids;
  }

  private static List<?> list(Map<?, ?> json, String name) {
    return (List<?>) Objects.requireNonNull(json.get(name));
  }

  private static String text(Map<?, ?> json, String name) {
    return (String) Objects.requireNonNull(json.get(name));
  }

  private static long number(Map<?, ?> json, String name) {
    return ((Number) Objects.requireNonNull(json.get(name))).longValue();
  }
}
