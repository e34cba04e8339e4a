package org.nucleon.server.api;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.nucleon.core.resource.Attributes;
import org.nucleon.core.schema.Attribute;
import org.nucleon.core.schema.Layout;
import org.nucleon.core.schema.Standard;

/**
 * One of the filters by tags: {@code tags} (all of), {@code tags-any}, {@code not-tags} (not all
 * of), {@code not-tags-any} (none of).
 *
 * @param any whether one of the wanted is enough
 * @param not whether the contrary is asked for
 */
record TagFilter(Attribute<?> attribute, Set<String> wanted, boolean any, boolean not) {

  private static final List<String> NAMES =
      List.of(Standard.TAGS, "tags-any", "not-tags", "not-tags-any");

  /** The filters by tags in a query, if the type has tags. */
  static List<TagFilter> of(Layout layout, Map<String, List<String>> query) {
    List<TagFilter> filters = new ArrayList<>();
    layout
        .attribute(Standard.TAGS)
        .ifPresent(tags -> {
          for (String name : NAMES) {
            if (query.containsKey(name)) {
              Set<String> wanted = new java.util.LinkedHashSet<>();
              query.get(name).forEach(value -> wanted.addAll(Arrays.asList(value.split(","))));
              filters.add(
                  new TagFilter(tags, wanted, name.endsWith("-any"), name.startsWith("not-")));
            }
          }
        });
    return filters;
  }

  /** Whether a query parameter is one of these. */
  static boolean isName(Layout layout, String name) {
    return NAMES.contains(name) && layout.attribute(Standard.TAGS).isPresent();
  }

  boolean matches(Attributes resource) {
    Set<?> tags = Set.copyOf(tags(resource, attribute));
    boolean found = any ? wanted.stream().anyMatch(tags::contains) : tags.containsAll(wanted);
    return found != not;
  }

  private static <T> List<?> tags(Attributes resource, Attribute<T> attribute) {
    @Nullable T value = resource.value(attribute);
    return value instanceof List<?> list ? list : List.of();
  }
}
