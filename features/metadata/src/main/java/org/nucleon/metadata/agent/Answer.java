package org.nucleon.metadata.agent;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;

/**
 * What a guest is answered, RFC 9112. The connection ends with it.
 *
 * @param status an HTTP status
 * @param type the media type of the content; one line
 * @param content what it is
 */
record Answer(int status, String type, byte[] content) {

  /** An answer of our own, in words. */
  static Answer of(int status, String text) {
    return new Answer(status, "text/plain", (text + "\n").getBytes(StandardCharsets.UTF_8));
  }

  /**
   * Sends it.
   *
   * @param whole whether the content goes with it: not to {@code HEAD}
   */
  void write(OutputStream out, boolean whole) throws IOException {
    String head =
        "HTTP/1.1 "
            + status
            + " \r\nContent-Type: "
            + type
            + "\r\nContent-Length: "
            + content.length
            + "\r\nConnection: close\r\n\r\n";
    byte[] first = head.getBytes(StandardCharsets.ISO_8859_1);
    byte[] message = new byte[first.length + (whole ? content.length : 0)];
    System.arraycopy(first, 0, message, 0, first.length);
    System.arraycopy(content, 0, message, first.length, message.length - first.length);
    out.write(message);
    out.flush();
  }
}
