package org.nucleon.server.http;

import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * One HTTP request, read whole.
 *
 * @param method GET, POST, PUT, DELETE, ...
 * @param path decoded, without query
 * @param query parameters in order, decoded; repeated ones have several values
 * @param headers by lower-case name; repeated ones have several values
 * @param body empty if there is none
 * @param base scheme and authority that the client used, for links
 * @param id {@code req-} and a UUID: names the request in the answer and in logs
 */
public record Request(
    String method,
    String path,
    Map<String, List<String>> query,
    Map<String, List<String>> headers,
    byte[] body,
    String base,
    String id) {

  /** The first value of a header, null if it is absent. */
  public @Nullable String header(String name) {
    List<String> values = headers.get(name.toLowerCase(Locale.ROOT));
    return values == null ? null : values.getFirst();
  }
}
