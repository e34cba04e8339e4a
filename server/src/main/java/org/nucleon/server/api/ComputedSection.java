package org.nucleon.server.api;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.nucleon.core.ApiException;
import org.nucleon.core.Caller;
import org.nucleon.core.feature.ComputedCollection;
import org.nucleon.core.resource.View;
import org.nucleon.core.schema.Values;
import org.nucleon.server.http.Answer;
import org.nucleon.server.http.Request;
import org.nucleon.server.policy.Policy;

/** A collection that features compute: {@code GET /v2.0/service-providers}. */
public final class ComputedSection implements Section {

  /** Pages are not cut: there are never many entries. */
  private static final Set<String> CONTROLS =
      Set.of("fields", "sort_key", "sort_dir", "limit", "marker", "page_reverse");

  private final ComputedCollection collection;
  private final Supplier<? extends View> view;

  /** Serves a collection as it is whenever it is asked for. */
  public ComputedSection(ComputedCollection collection, Supplier<? extends View> view) {
    this.collection = collection;
    this.view = view;
  }

  @Override
  public Answer answer(Request request, List<String> path, Caller caller, Policy policy) {
    if (path.size() > (collection.singular().isEmpty() ? 1 : 2)) {
      throw Section.nothingHere();
    }
    Section.only(request, "GET");
    if (!policy.may(collection.rule(), caller)) {
      throw ApiException.forbidden(
          "PolicyNotAuthorized", "(rule:" + collection.rule() + ") is disallowed by policy");
    }
    if (path.size() == 2) {
      return one(path.get(1), caller);
    }
    for (String name : request.query().keySet()) {
      if (!CONTROLS.contains(name) && !collection.columns().contains(name)) {
        throw Bodies.bad("[" + Values.quoted(name) + "] is invalid attribute for filtering");
      }
    }
    List<String> fields = request.query().getOrDefault("fields", List.of());
    List<Object> shown = new ArrayList<>();
    for (Map<String, @Nullable Object> row : collection.rows().apply(view.get(), caller)) {
      if (isWanted(row, request.query())) {
        Map<String, @Nullable Object> one = new LinkedHashMap<>(row);
        one.keySet().removeAll(collection.details());
        if (!fields.isEmpty()) {
          one.keySet().retainAll(fields);
        }
        shown.add(one);
      }
    }
    return Answer.json(200, Map.of(collection.plural(), shown));
  }

  private Answer one(String key, Caller caller) {
    String column = collection.columns().getFirst();
    return collection.rows().apply(view.get(), caller).stream()
        .filter(row -> key.equals(row.get(column)))
        .findFirst()
        .map(row -> Answer.json(200, Map.of(collection.singular(), row)))
        .orElseThrow(Section::nothingHere);
  }

  private boolean isWanted(Map<String, @Nullable Object> row, Map<String, List<String>> query) {
    return collection.columns().stream()
        .filter(query::containsKey)
        .allMatch(column ->
            query.getOrDefault(column, List.of()).stream()
                .anyMatch(wanted -> wanted.equalsIgnoreCase(String.valueOf(row.get(column)))));
  }
}
