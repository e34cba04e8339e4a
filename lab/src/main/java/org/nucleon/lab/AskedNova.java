package org.nucleon.lab;

import java.util.List;
import java.util.regex.Pattern;

/**
 * What Nova was told with one request for metadata, as {@link Endpoint#serveMetadata} saw it. A
 * header that came several times is all of its values with commas between.
 *
 * @param path what was asked for
 * @param address {@code X-Forwarded-For}
 * @param instance {@code X-Instance-ID}
 * @param project {@code X-Tenant-ID}
 * @param signature {@code X-Instance-ID-Signature}
 */
public record AskedNova(
    String path, String address, String instance, String project, String signature) {
  private static final Pattern LINE =
      Pattern.compile("(?m)^asked\\|(.*)\\|(.*)\\|(.*)\\|(.*)\\|(.*)\\|$");

  /** All requests so far, in order. */
  public static List<AskedNova> of(Daemon nova) {
    return LINE.matcher(nova.log())
        .results()
        .map(asked ->
            new AskedNova(
                asked.group(1), asked.group(2), asked.group(3), asked.group(4), asked.group(5)))
        .toList();
  }
}
