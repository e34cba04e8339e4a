package org.nucleon.core.schema;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;

/**
 * Lists of values.
 *
 * @param max how many at most
 * @param what names a duplicate in a refusal; null for "items in the list"
 * @param different whether a value may be there once only
 */
record ListType<T>(ValueType<T> element, int max, @Nullable String what, boolean different)
    implements ValueType<List<T>> {

  @Override
  public List<T> parse(Object json) throws InvalidValue {
    if (!(json instanceof List<?> items)) {
      throw InvalidValue.because(Values.quoted(json) + " is not a list");
    }
    if (items.size() > max) {
      throw InvalidValue.because("the list has more than " + max + " elements");
    }
    List<T> values = new ArrayList<>(items.size());
    Set<T> seen = new HashSet<>();
    for (Object item : items) {
      if (item == null) {
        throw InvalidValue.because("'null' is not " + element.about());
      }
      T value = element.parse(item);
      if (!seen.add(value) && different) {
        throw InvalidValue.because(
            what == null
                ? "Duplicate items in the list: " + Values.quoted(item)
                : "Duplicate " + what + " " + Values.quoted(item));
      }
      values.add(value);
    }
    return List.copyOf(values);
  }

  @Override
  public Object render(List<T> value) {
    List<Object> rendered = new ArrayList<>(value.size());
    value.forEach(v -> rendered.add(element.render(v)));
    return rendered;
  }

  @Override
  public List<T> parseFilter(String text) throws InvalidValue {
    return List.of(element.parseFilter(text));
  }

  @Override
  public boolean matches(@Nullable List<T> value, List<T> wanted) {
    return value != null
        && wanted.stream().allMatch(w -> value.stream().anyMatch(v -> element.matches(v, w)));
  }

  @Override
  public void references(List<T> value, BiConsumer<ResourceType, UUID> consumer) {
    value.forEach(v -> element.references(v, consumer));
  }

  @Override
  public boolean isReference() {
    return element.isReference();
  }

  @Override
  public Iterable<Object> indexKeys(List<T> value) {
    List<Object> keys = new ArrayList<>(value.size());
    value.forEach(v -> element.indexKeys(v).forEach(keys::add));
    return keys;
  }

  @Override
  public String about() {
    return "a list of " + element.about();
  }

  @Override
  public Map<String, Object> schema() {
    return Map.of("type", "array", "items", element.schema(), "maxItems", max);
  }
}
