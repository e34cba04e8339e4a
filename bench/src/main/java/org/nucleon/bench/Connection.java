package org.nucleon.bench;

import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import org.nucleon.core.json.Json;
import org.nucleon.core.json.MalformedJson;

/**
 * One kept-alive HTTP/1.1 connection: as little of a client as the server can be measured with. The
 * environment's OS_TOKEN, if any, goes with each request.
 */
final class Connection implements AutoCloseable {

  private final Socket socket;
  private final InputStream in;
  private final String headers;

  Connection(int port) throws IOException {
    socket = new Socket(InetAddress.getLoopbackAddress(), port);
    socket.setTcpNoDelay(true);
    in = new BufferedInputStream(socket.getInputStream(), 1 << 16);
    String token = System.getenv("OS_TOKEN");
    headers =
        " HTTP/1.1\r\nHost: 127.0.0.1:"
            + port
            + (token == null ? "" : "\r\nX-Auth-Token: " + token)
            + "\r\nContent-Type: application/json\r\nContent-Length: ";
  }

  /** Sends a request and reads the answer's body whole; any status but 2xx is a failure. */
  byte[] send(String method, String path, String body) throws IOException {
    return exchange(method, "/v2.0" + path, body);
  }

  /** Lifts the limits on what is measured of the project that this connection speaks for. */
  void liftQuota() throws IOException, MalformedJson {
    Map<?, ?> answer =
        (Map<?, ?>) Objects.requireNonNull(Json.parse(send("GET", "/quotas/project", "")));
    Object project = ((Map<?, ?>) Objects.requireNonNull(answer.get("project"))).get("project_id");
    send("PUT", "/quotas/" + project, "{\"quota\":{\"port\":-1,\"security_group_rule\":-1}}");
  }

  /** The server's word on itself. */
  byte[] health() throws IOException {
    return exchange("GET", "/healthcheck", "");
  }

  private byte[] exchange(String method, String path, String body) throws IOException {
    byte[] content = body.getBytes(StandardCharsets.UTF_8);
    ByteArrayOutputStream request = new ByteArrayOutputStream(256 + content.length);
    request.writeBytes(
        (method + " " + path + headers + content.length + "\r\n\r\n")
            .getBytes(StandardCharsets.US_ASCII));
    request.writeBytes(content);
    socket.getOutputStream().write(request.toByteArray());
    String status = line();
    int length = 0;
    boolean chunked = false;
    for (String header = line(); !header.isEmpty(); header = line()) {
      String lower = header.toLowerCase(Locale.ROOT);
      if (lower.startsWith("content-length:")) {
        length = Integer.parseInt(lower.substring("content-length:".length()).strip());
      }
      chunked |= lower.startsWith("transfer-encoding: chunked");
    }
    byte[] answer = chunked ? chunks() : in.readNBytes(length);
    if (!status.startsWith("HTTP/1.1 2")) {
      throw new IOException(status + " " + new String(answer, StandardCharsets.UTF_8));
    }
    return answer;
  }

  private byte[] chunks() throws IOException {
    ByteArrayOutputStream all = new ByteArrayOutputStream();
    for (int size = Integer.parseInt(line(), 16); size > 0; size = Integer.parseInt(line(), 16)) {
      all.writeBytes(in.readNBytes(size));
      line();
    }
    line();
    return all.toByteArray();
  }

  private String line() throws IOException {
    StringBuilder line = new StringBuilder();
    for (int c = in.read(); c != '\n'; c = in.read()) {
      if (c < 0) {
        throw new IOException("the server closed the connection");
      }
      if (c != '\r') {
        line.append((char) c);
      }
    }
    return line.toString();
  }

  @Override
  public void close() throws IOException {
    socket.close();
  }
}
