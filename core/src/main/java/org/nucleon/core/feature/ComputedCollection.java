package org.nucleon.core.feature;

import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.BiFunction;
import org.jspecify.annotations.Nullable;
import org.nucleon.core.Caller;
import org.nucleon.core.resource.View;

/**
 * A collection that is computed and cannot be changed, such as {@code GET /v2.0/service-providers}.
 *
 * @param path below {@code /v2.0}
 * @param plural the wrapper of the list
 * @param rule the policy rule that says who may list it
 * @param singular the wrapper of one entry, found by its first column in the path; empty if entries
 *     are not shown alone
 * @param columns the names of the members of each entry; lists can be filtered by them
 * @param details the names of members that an entry has only where it is shown alone
 * @param rows the entries that a caller sees
 */
public record ComputedCollection(
    String path,
    String plural,
    String singular,
    String rule,
    List<String> columns,
    Set<String> details,
    BiFunction<View, Caller, List<Map<String, @Nullable Object>>> rows) {

  /** One whose entries say the same in lists and alone. */
  public ComputedCollection(
      String path,
      String plural,
      String singular,
      String rule,
      List<String> columns,
      BiFunction<View, Caller, List<Map<String, @Nullable Object>>> rows) {
    this(path, plural, singular, rule, columns, Set.of(), rows);
  }

  /** One whose entries are not shown alone. */
  public ComputedCollection(
      String path,
      String plural,
      String rule,
      List<String> columns,
      BiFunction<View, Caller, List<Map<String, @Nullable Object>>> rows) {
    this(path, plural, "", rule, columns, Set.of(), rows);
  }
}
