package org.nucleon.server.api;

import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.List;
import java.util.Map;
import org.nucleon.core.ApiException;
import org.nucleon.core.resource.Resource;
import org.nucleon.core.schema.Layout;
import org.nucleon.core.schema.Standard;
import org.nucleon.core.schema.Values;

/**
 * The filter {@code changed_since}, by when resources were last changed.
 *
 * @param time the earliest time, included
 */
record ChangedSince(Instant time) {

  private static final String NAME = "changed_since";

  /** The filter in a query; everything if there is none. */
  static ChangedSince of(Layout layout, Map<String, List<String>> query) {
    Instant latest = Instant.MIN;
    if (isName(layout, NAME)) {
      for (String text : query.getOrDefault(NAME, List.of())) {
        Instant time = parse(text);
        latest = time.isAfter(latest) ? time : latest;
      }
    }
    return new ChangedSince(latest);
  }

  private static Instant parse(String text) {
    try {
      return Standard.parseTime(text);
    } catch (DateTimeParseException e) {
      throw ApiException.invalidInput(
          NAME + "=" + Values.quoted(text) + ": a time such as 2015-04-30T10:00:00Z is expected");
    }
  }

  /** Whether a query parameter is this filter. */
  static boolean isName(Layout layout, String name) {
    return name.equals(NAME) && layout.attribute(Standard.UPDATED_AT).isPresent();
  }

  boolean matches(Resource resource) {
    return !resource.updatedAt().isBefore(time);
  }
}
