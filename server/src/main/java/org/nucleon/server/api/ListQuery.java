package org.nucleon.server.api;

import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.UUID;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;
import org.nucleon.core.ApiException;
import org.nucleon.core.Caller;
import org.nucleon.core.resource.Resource;
import org.nucleon.core.schema.Attribute;
import org.nucleon.core.schema.InvalidValue;
import org.nucleon.core.schema.Layout;
import org.nucleon.core.schema.ValueType;
import org.nucleon.core.schema.Values;
import org.nucleon.core.state.Picture;

/**
 * What a list request asks for: filters, fields, order and page.
 *
 * @param filters one for each attribute filtered by
 * @param tags filters by tags
 * @param since filter by when it was last changed
 * @param fields names of attributes to show, empty for all
 * @param order empty for the order of ids
 * @param limit the size of a page, 0 for everything
 * @param marker the last id of the page before (or the first of the page after), null for the start
 * @param reverse whether the page before the marker is wanted
 */
record ListQuery(
    List<Filter<?>> filters,
    List<TagFilter> tags,
    ChangedSince since,
    Set<String> fields,
    List<SortKey> order,
    int limit,
    @Nullable String marker,
    boolean reverse) {

  private static final int MAX_VALUES = 2_000;
  private static final Set<String> CONTROLS =
      Set.of("fields", "sort_key", "sort_dir", "limit", "marker", "page_reverse");

  /** An attribute and the values that are asked for, any of them, and any of what else is. */
  record Filter<T>(
      Attribute<T> attribute,
      List<T> wanted,
      boolean wantsEmpty,
      List<Predicate<@Nullable T>> asked) {

    boolean matches(Picture picture, Resource resource, Caller caller) {
      return attribute.isFound(picture, resource, caller, this::passes);
    }

    private boolean passes(@Nullable T value) {
      boolean asksOnly = !asked.isEmpty() && wanted.isEmpty() && !wantsEmpty;
      return (asked.isEmpty() || asked.stream().anyMatch(a -> a.test(value)))
          && (asksOnly
              || attribute.type().matchesAny(value, wanted)
              || wantsEmpty && (value == null || value.equals("") || value.equals(List.of())));
    }
  }

  /** An attribute to sort by. */
  record SortKey(Attribute<?> attribute, boolean descending) {}

  /** One page of a list. */
  record Page(List<Resource> resources, boolean hasPrevious, boolean hasNext) {}

  static ListQuery parse(
      Layout layout, Map<String, List<String>> query, Predicate<Attribute<?>> shown) {
    List<Filter<?>> filters = new ArrayList<>();
    query.forEach((name, values) -> {
      if (!CONTROLS.contains(name)
          && !TagFilter.isName(layout, name)
          && !ChangedSince.isName(layout, name)) {
        filters.add(filter(layout, name, values, shown));
      }
    });
    Set<String> fields = new LinkedHashSet<>(query.getOrDefault("fields", List.of()));
    return new ListQuery(
        filters,
        TagFilter.of(layout, query),
        ChangedSince.of(layout, query),
        fields,
        order(layout, query, shown),
        limit(query),
        query.containsKey("marker") ? query.get("marker").getFirst() : null,
        query.getOrDefault("page_reverse", List.of("false")).getFirst().equalsIgnoreCase("true"));
  }

  private static Filter<?> filter(
      Layout layout, String name, List<String> values, Predicate<Attribute<?>> shown) {
    Optional<Attribute<?>> attribute =
        layout.attribute(name).filter(a -> a.isFilter() && shown.test(a));
    if (attribute.isEmpty()) {
      throw Bodies.bad("[" + Values.quoted(name) + "] is invalid attribute for filtering");
    }
    if (values.size() > MAX_VALUES) {
      throw Bodies.bad("More than " + MAX_VALUES + " values for " + name);
    }
    return filter(attribute.get(), values);
  }

  private static <T> Filter<T> filter(Attribute<T> attribute, List<String> values) {
    List<T> wanted = new ArrayList<>();
    List<Predicate<@Nullable T>> asked = new ArrayList<>();
    boolean wantsEmpty = false;
    for (String value : values) {
      Optional<Predicate<@Nullable T>> asks = attribute.type().asks(value);
      asks.ifPresent(asked::add);
      if (value.isEmpty()) {
        wantsEmpty = true;
      } else if (asks.isEmpty()) {
        parse(attribute, value).ifPresent(wanted::add);
      }
    }
    return new Filter<>(attribute, wanted, wantsEmpty, asked);
  }

  /** Text that can be no id matches nothing, as with any id that does not exist. */
  private static <T> Optional<T> parse(Attribute<T> attribute, String value) {
    try {
      return Optional.of(attribute.type().parseFilter(value));
    } catch (InvalidValue e) {
      if (!e.isConversion() && namesIds(attribute.type())) {
        return Optional.empty();
      }
      throw BodyParser.invalid(attribute, e);
    }
  }

  private static boolean namesIds(ValueType<?> type) {
    return type.isReference() || "uuid".equals(type.schema().get("format"));
  }

  private static List<SortKey> order(
      Layout layout, Map<String, List<String>> query, Predicate<Attribute<?>> shown) {
    List<String> keys = query.getOrDefault("sort_key", List.of());
    List<String> directions = query.getOrDefault("sort_dir", List.of());
    if (!directions.isEmpty() && keys.size() != directions.size()) {
      throw Bodies.bad("The number of sort_keys and sort_dirs must be same");
    }
    List<SortKey> order = new ArrayList<>();
    for (int i = 0; i < keys.size(); i++) {
      String name = keys.get(i);
      Attribute<?> attribute =
          layout
              .attribute(name)
              .filter(a -> a.isSort() && shown.test(a))
              .orElseThrow(() ->
                  Bodies.bad("[" + Values.quoted(name) + "] is invalid attribute for sort_keys"));
      String direction = directions.isEmpty() ? "asc" : directions.get(i);
      if (!direction.equals("asc") && !direction.equals("desc")) {
        throw Bodies.bad(Values.quoted(direction) + " is invalid value for sort_dirs");
      }
      order.add(new SortKey(attribute, direction.equals("desc")));
    }
    return order;
  }

  private static int limit(Map<String, List<String>> query) {
    if (!query.containsKey("limit")) {
      return 0;
    }
    String text = query.get("limit").getFirst();
    try {
      int limit = Integer.parseInt(text);
      if (limit >= 0) {
        return limit;
      }
    } catch (NumberFormatException e) {
      if (text.matches("\\d{1,100}")) {
        return 0;
      }
    }
    throw ApiException.badRequest(
        "BadRequest",
        "Bad limit request: Limit must be an integer 0 or greater and not "
            + Values.quoted(text)
            + ".");
  }

  /**
   * The page.
   *
   * @param among the resources that are listed, null for all of the type
   * @param caller for whom values are computed
   * @param visible which resources the caller may see
   */
  Page run(
      Picture picture,
      Layout layout,
      @Nullable Collection<Resource> among,
      Caller caller,
      Predicate<Resource> visible) {
    Predicate<Resource> wanted =
        visible
            .and(r -> filters.stream().allMatch(f -> f.matches(picture, r, caller)))
            .and(r -> tags.stream().allMatch(f -> f.matches(r)))
            .and(since::matches);
    java.util.NavigableMap<UUID, Resource> candidates =
        among == null ? candidates(picture, layout) : byId(picture, layout, among);
    if (order.isEmpty()) {
      return inOrderOfIds(picture, layout, candidates, wanted);
    }
    List<Resource> all = new ArrayList<>(candidates.values());
    all.removeIf(wanted.negate());
    all.sort(comparator(picture, caller));
    return page(layout, all);
  }

  private Page inOrderOfIds(
      Picture picture,
      Layout layout,
      java.util.NavigableMap<UUID, Resource> candidates,
      Predicate<Resource> wanted) {
    TreeMap<UUID, Resource> none = new TreeMap<>();
    if (limit == 0) {
      return new Page(candidates.values().stream().filter(wanted).toList(), false, false);
    }
    java.util.NavigableMap<UUID, Resource> rest = reverse ? candidates.descendingMap() : candidates;
    if (marker != null) {
      UUID after = Values.parseUuid(marker).orElse(null);
      if (after == null || picture.find(layout.type(), after).isEmpty()) {
        throw NotFound.of(layout.type(), marker);
      }
      rest = candidates.isEmpty() ? none : rest.tailMap(after, false);
    }
    List<Resource> page = new ArrayList<>();
    for (Resource resource : rest.values()) {
      if (page.size() == limit) {
        break;
      }
      if (wanted.test(resource)) {
        page.add(resource);
      }
    }
    return ordered(page);
  }

  private Page ordered(List<Resource> page) {
    boolean full = page.size() == limit;
    if (reverse) {
      Collections.reverse(page);
    }
    return new Page(page, !reverse || full, reverse || full);
  }

  private Page page(Layout layout, List<Resource> all) {
    if (limit == 0) {
      return new Page(all, false, false);
    }
    List<Resource> rest = reverse ? all.reversed() : all;
    int from = 0;
    if (marker != null) {
      while (from < rest.size() && !rest.get(from).id().toString().equals(marker)) {
        from++;
      }
      if (from++ == rest.size()) {
        throw NotFound.of(layout.type(), marker);
      }
    }
    int to = (int) Math.min(rest.size(), (long) from + limit);
    return ordered(new ArrayList<>(rest.subList(from, to)));
  }

  /** The resources found by an indexed filter, or all of the type; by id. */
  private java.util.NavigableMap<UUID, Resource> candidates(Picture picture, Layout layout) {
    for (Filter<?> filter : filters) {
      Optional<Collection<Resource>> found = indexed(picture, layout, filter);
      if (found.isPresent()) {
        return byId(picture, layout, found.get());
      }
    }
    return picture.byId(layout.type());
  }

  private static java.util.NavigableMap<UUID, Resource> byId(
      Picture picture, Layout layout, Collection<Resource> resources) {
    java.util.NavigableMap<UUID, Resource> byId =
        new TreeMap<>(picture.byId(layout.type()).comparator());
    resources.forEach(r -> byId.put(r.id(), r));
    return byId;
  }

  private static <T> Optional<Collection<Resource>> indexed(
      Picture picture, Layout layout, Filter<T> filter) {
    if (filter.wantsEmpty() || filter.wanted().isEmpty() && !filter.asked().isEmpty()) {
      return Optional.empty();
    }
    List<Resource> found = new ArrayList<>();
    for (T wanted : filter.wanted()) {
      if (filter.attribute().name().equals("id")) {
        picture.find(layout.type(), (UUID) wanted).ifPresent(found::add);
      } else if (!filter.attribute().isStored() || !filter.attribute().isIndexed()) {
        return Optional.empty();
      } else {
        Iterable<Object> keys = filter.attribute().type().indexKeys(wanted);
        if (!keys.iterator().hasNext()) {
          return Optional.empty();
        }
        keys.forEach(key -> found.addAll(picture.list(filter.attribute(), key)));
      }
    }
    return Optional.of(found);
  }

  private Comparator<Resource> comparator(Picture picture, Caller caller) {
    Comparator<Resource> comparator = Comparator.comparing(r -> r.id().toString());
    for (SortKey key : order.reversed()) {
      Comparator<Resource> one = comparator(picture, key.attribute(), caller);
      comparator = (key.descending() ? one.reversed() : one).thenComparing(comparator);
    }
    return comparator;
  }

  @SuppressWarnings("unchecked") // values of one attribute are of one class
  private static <T> Comparator<Resource> comparator(
      Picture picture, Attribute<T> attribute, Caller caller) {
    Comparator<T> values =
        (a, b) ->
            a instanceof Comparable<?>
                ? ((Comparable<Object>) a).compareTo(b)
                : a.toString().compareTo(b.toString());
    Comparator<@Nullable T> nullsFirst = Comparator.nullsFirst(values);
    return (a, b) ->
        nullsFirst.compare(attribute.in(picture, a, caller), attribute.in(picture, b, caller));
  }

  /** The links of a page, as the body's {@code <collection>_links}. */
  List<Map<String, String>> links(String url, Map<String, List<String>> query, Page page) {
    List<Map<String, String>> links = new ArrayList<>();
    if (limit == 0 || page.resources().isEmpty()) {
      return links;
    }
    if (page.hasNext()) {
      links.add(link("next", url, query, page.resources().getLast(), false));
    }
    if (page.hasPrevious()) {
      links.add(link("previous", url, query, page.resources().getFirst(), true));
    }
    return links;
  }

  private static Map<String, String> link(
      String rel, String url, Map<String, List<String>> query, Resource at, boolean reverse) {
    StringBuilder href = new StringBuilder(url).append('?');
    query.forEach((name, values) -> {
      if (!name.equals("marker") && !name.equals("page_reverse")) {
        values.forEach(v -> href.append(encode(name)).append('=').append(encode(v)).append('&'));
      }
    });
    href.append("marker=").append(at.id());
    if (reverse) {
      href.append("&page_reverse=True");
    }
    Map<String, String> link = new LinkedHashMap<>();
    link.put("rel", rel);
    link.put("href", href.toString());
    return link;
  }

  private static String encode(String text) {
    return java.net.URLEncoder.encode(text, java.nio.charset.StandardCharsets.UTF_8);
  }
}
