package org.nucleon.core.feature;

import java.io.IOException;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Another service of the cloud, found in the identity service's catalog and spoken to as the user
 * that a section of the configuration names. A token that has ended is renewed by itself.
 */
public interface RemoteService {

  /**
   * An answer.
   *
   * @param status the HTTP status
   * @param body what came with it, perhaps nothing
   */
  record Reply(int status, byte[] body) {}

  /**
   * Sends JSON.
   *
   * @param path below the service's endpoint, with a slash in front
   * @param headers more headers
   * @throws IOException if there is no answer: the identity service gives no token, the catalog has
   *     no endpoint, nobody listens, or not in time
   */
  Reply post(String path, Map<String, String> headers, @Nullable Object json)
      throws IOException, InterruptedException;
}
