package org.nucleon.core.transaction;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.nucleon.core.json.Json;
import org.nucleon.core.json.MalformedJson;
import org.nucleon.core.resource.Resource;
import org.nucleon.core.schema.Attribute;
import org.nucleon.core.schema.Catalog;
import org.nucleon.core.schema.InvalidValue;
import org.nucleon.core.schema.Layout;
import org.nucleon.core.state.Change;
import org.nucleon.core.state.ChangeSet;
import org.nucleon.core.state.Picture;
import org.nucleon.core.transaction.Store.StoredChange;
import org.nucleon.core.transaction.Store.StoredChangeSet;
import org.nucleon.core.transaction.Store.StoredReference;
import org.nucleon.core.transaction.Store.StoredResource;

/** Between resources and their stored form. */
final class Stored {

  private Stored() {}

  static Picture picture(Catalog catalog, Store.Contents contents) throws StoreException {
    List<Resource> resources = new ArrayList<>(contents.resources().size());
    for (StoredResource stored : contents.resources()) {
      Optional<Layout> layout = catalog.find(stored.type());
      if (layout.isPresent()) { // documents of a type that no feature declares stay untouched
        resources.add(
            resource(layout.get(), stored.head(), document(stored.document()), stored.head().id()));
      }
    }
    return Picture.of(catalog, contents.number(), resources, contents.claims());
  }

  /** A change set of another server's, or an earlier one of this. */
  static ChangeSet changeSet(Catalog catalog, StoredChangeSet stored) throws StoreException {
    List<Change> changes = new ArrayList<>();
    for (StoredChange change : stored.changes()) {
      Optional<Layout> layout = catalog.find(change.type());
      if (layout.isPresent()) {
        changes.add(change(layout.get(), change));
      }
    }
    return new ChangeSet(
        stored.number(),
        changes,
        stored.claimed(),
        stored.released(),
        stored.guarded(),
        stored.relied(),
        stored.requested());
  }

  private static Change change(Layout layout, StoredChange stored) throws StoreException {
    UUID id = stored.id();
    Resource after = null;
    Map<String, @Nullable Object> earlier = new LinkedHashMap<>();
    if (stored.document() != null) {
      Map<String, @Nullable Object> document = document(stored.document());
      after = resource(layout, stored.head(), document, id);
      earlier.putAll(document);
    }
    if (stored.isNew()) {
      return new Change(layout.type(), id, null, after);
    }
    earlier.putAll(document(stored.before()));
    return new Change(layout.type(), id, resource(layout, stored.head(), earlier, id), after);
  }

  @SuppressWarnings("unchecked") // JSON objects have text keys
  private static Map<String, @Nullable Object> document(String text) throws StoreException {
    try {
      return (Map<String, @Nullable Object>) Objects.requireNonNull(Json.parse(text));
    } catch (MalformedJson | ClassCastException | NullPointerException e) {
      throw new StoreException("a stored document cannot be read: " + e.getMessage(), e);
    }
  }

  private static Resource resource(
      Layout layout, Resource.Head head, Map<String, @Nullable Object> document, UUID id)
      throws StoreException {
    try {
      return Resource.ofDocument(layout, head, document);
    } catch (InvalidValue | ClassCastException | NullPointerException e) {
      throw new StoreException(
          "the stored " + layout.type().name() + " " + id + " cannot be read", e);
    }
  }

  /**
   * What is written of one change.
   *
   * @param document the resource's, null if it is gone
   * @param before what was different before
   */
  record Text(@Nullable String document, String before) {}

  /** What is written of each change, made before its commit is queued. */
  static Map<UUID, Text> texts(Commit commit) {
    Map<UUID, Text> texts = new HashMap<>();
    for (Change change : commit.changes()) {
      texts.put(change.id(), text(change));
    }
    return texts;
  }

  private static Text text(Change change) {
    Resource before = change.before();
    Resource after = change.after();
    String earlier = "{}";
    if (before != null) {
      earlier = Json.text(after == null ? before.document() : before.differenceTo(after));
    }
    return new Text(after == null ? null : Json.text(after.document()), earlier);
  }

  static StoredChangeSet changeSet(ChangeSet set, Map<UUID, Text> texts) {
    List<StoredChange> changes = new ArrayList<>();
    for (Change change : set.changes()) {
      Resource before = change.before();
      Resource after = change.after();
      Resource known = Objects.requireNonNull(after == null ? before : after);
      Text made = texts.get(change.id());
      Text text = made == null ? text(change) : made; // what is touched is known only now
      changes.add(
          new StoredChange(
              change.type().name(),
              known.head(),
              text.document(),
              text.before(),
              before == null,
              after == null ? List.of() : references(after)));
    }
    return new StoredChangeSet(
        set.number(),
        changes,
        set.claimed(),
        set.released(),
        set.guarded(),
        set.relied(),
        set.requested());
  }

  private static List<StoredReference> references(Resource resource) {
    List<StoredReference> references = new ArrayList<>();
    for (Attribute<?> attribute : resource.layout().indexed()) {
      addReferences(attribute, resource, references);
    }
    return references;
  }

  private static <T> void addReferences(
      Attribute<T> attribute, Resource resource, List<StoredReference> references) {
    T value = resource.value(attribute);
    if (value != null) {
      attribute
          .type()
          .references(
              value,
              (type, id) -> {
                StoredReference reference = new StoredReference(attribute.name(), id);
                if (!references.contains(reference)) {
                  references.add(reference);
                }
              });
    }
  }
}
