package org.nucleon.metadata.agent;

import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A guest's request as far as it is passed on. Of its headers only those that say what is asked
 * for: none by which a guest could say who it is, however it is spelt and however often it comes.
 *
 * @param method an HTTP method
 * @param target path and query, from the slash on; printable ASCII
 * @param headers by name in small letters
 * @param content the body, empty for none
 */
record GuestRequest(String method, String target, Map<String, String> headers, byte[] content) {

  /** The most bytes that request line and headers may have. */
  static final int MAX_HEAD = 16 * 1024;

  /** The most bytes that a body may have. */
  static final int MAX_CONTENT = 64 * 1024;

  private static final Set<String> PASSED_ON = Set.of("accept", "content-type", "user-agent");
  private static final Set<String> METHODS =
      Set.of("GET", "HEAD", "POST", "PUT", "DELETE", "OPTIONS", "PATCH");
  private static final Pattern LINE =
      Pattern.compile("([A-Z]{1,16}) (?:http://[^/ ]*+)?(/[!-~]*+) HTTP/1\\.[01]");
  private static final Pattern HEADER =
      Pattern.compile("([!#$%&'*+.^_`|~0-9A-Za-z-]++):[ \t]*+([ -~\t]*+)");
  private static final Pattern LENGTH = Pattern.compile("[0-9]{1,9}");
  private static final byte[] CONTINUE =
      "HTTP/1.1 100 Continue\r\n\r\n".getBytes(StandardCharsets.ISO_8859_1);

  /**
   * Reads a request, RFC 9112.
   *
   * @param out where a client that waits for it is told to go on
   * @throws RefusedRequest if it is none, or one that is not passed on
   * @throws EOFException if the connection ended before the request
   */
  static GuestRequest read(InputStream in, OutputStream out) throws IOException, RefusedRequest {
    List<String> lines = head(in);
    Matcher line = LINE.matcher(lines.getFirst());
    if (!line.matches()) {
      throw new RefusedRequest(400, "not an HTTP request");
    }
    String method = line.group(1);
    if (!METHODS.contains(method)) {
      throw new RefusedRequest(501, "not a method that is known here");
    }
    Map<String, String> all = headers(lines.subList(1, lines.size()));
    int length = length(all);
    if (all.getOrDefault("expect", "").equalsIgnoreCase("100-continue")) {
      out.write(CONTINUE);
    }
    byte[] content = in.readNBytes(length);
    if (content.length < length) {
      throw new EOFException("the connection ended in a request's content");
    }
    all.keySet().retainAll(PASSED_ON);
    return new GuestRequest(method, line.group(2), Map.copyOf(all), content);
  }

  private static List<String> head(InputStream in) throws IOException, RefusedRequest {
    ByteArrayOutputStream head = new ByteArrayOutputStream();
    int lineLength = 0;
    while (true) {
      int next = in.read();
      if (next < 0) {
        throw new EOFException("the connection ended in a request's head");
      }
      if (next == '\n') {
        if (lineLength == 0 && head.size() > 0) {
          return head.toString(StandardCharsets.ISO_8859_1).lines().toList();
        }
        lineLength = 0;
        if (head.size() == 0) {
          continue; // RFC 9112, 2.2: an empty line before a request is overlooked
        }
      } else if (next != '\r') {
        lineLength++;
      } else {
        continue;
      }
      head.write(next);
      if (head.size() > MAX_HEAD) {
        throw new RefusedRequest(431, "the request's headers are too long");
      }
    }
  }

  /** What comes twice is no matter where it is not passed on; elsewhere the first holds. */
  private static Map<String, String> headers(List<String> lines) throws RefusedRequest {
    Map<String, String> headers = new LinkedHashMap<>();
    for (String line : lines) {
      Matcher header = HEADER.matcher(line);
      if (!header.matches()) {
        throw new RefusedRequest(400, "not a header");
      }
      String name = header.group(1).toLowerCase(Locale.ROOT);
      String before = headers.putIfAbsent(name, header.group(2).strip());
      if (before != null && name.equals("content-length")) {
        throw new RefusedRequest(400, "two lengths");
      }
    }
    return headers;
  }

  private static int length(Map<String, String> headers) throws RefusedRequest {
    if (headers.containsKey("transfer-encoding")) {
      throw new RefusedRequest(411, "the length of the content is needed");
    }
    String length = headers.getOrDefault("content-length", "0");
    if (!LENGTH.matcher(length).matches()) {
      throw new RefusedRequest(400, "not a length");
    }
    int bytes = Integer.parseInt(length);
    if (bytes > MAX_CONTENT) {
      throw new RefusedRequest(413, "the content is too long");
    }
    return bytes;
  }
}
