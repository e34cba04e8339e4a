package org.nucleon.core.transaction;

import java.util.ArrayList;
import java.util.HashMap;
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
import org.nucleon.core.transaction.Store.StoredReference;
import org.nucleon.core.transaction.Store.StoredResource;

/** Between resources and their stored form. */
final class Stored {

  private Stored() {}

  static Picture picture(Catalog catalog, Store.Contents contents) throws StoreException {
    List<Resource> resources = new ArrayList<>(contents.resources().size());
    for (StoredResource stored : contents.resources()) {
      resource(catalog, stored).ifPresent(resources::add);
    }
    return Picture.of(catalog, contents.number(), resources, contents.claims());
  }

  /** Empty for a type that no feature declares any more: its documents stay untouched. */
  @SuppressWarnings("unchecked") // JSON objects have text keys
  private static Optional<Resource> resource(Catalog catalog, StoredResource stored)
      throws StoreException {
    Optional<Layout> layout = catalog.find(stored.type());
    if (layout.isEmpty()) {
      return Optional.empty();
    }
    try {
      Object document = Objects.requireNonNull(Json.parse(stored.document()));
      return Optional.of(
          Resource.ofDocument(
              layout.get(), stored.head(), (Map<String, @Nullable Object>) document));
    } catch (MalformedJson | InvalidValue | ClassCastException | NullPointerException e) {
      throw new StoreException(
          "the stored " + stored.type() + " " + stored.head().id() + " cannot be read", e);
    }
  }

  /** The document of each changed resource, written before its commit is queued. */
  static Map<UUID, String> documents(Commit commit) {
    Map<UUID, String> documents = new HashMap<>();
    for (Change change : commit.changes()) {
      Resource after = change.after();
      if (after != null) {
        documents.put(after.id(), Json.text(after.document()));
      }
    }
    return documents;
  }

  static Store.StoredChangeSet changeSet(ChangeSet set, Map<UUID, String> documents) {
    List<StoredChange> changes = new ArrayList<>();
    for (Change change : set.changes()) {
      Resource after = change.after();
      String document = documents.get(change.id());
      changes.add(
          new StoredChange(
              change.type().name(),
              change.id(),
              after == null || document == null
                  ? null
                  : new StoredResource(change.type().name(), after.head(), document),
              change.before() == null,
              after == null ? List.of() : references(after)));
    }
    return new Store.StoredChangeSet(
        set.number(), changes, set.claimed(), set.released(), set.guarded(), set.relied());
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
