package org.nucleon.metadata.agent;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

/** Nova's metadata API as far as a proxy sees it: keeps what it is asked, answers with the id. */
final class RecordingNova implements AutoCloseable {
  private final HttpServer server;
  private final BlockingQueue<Asked> asked = new LinkedBlockingQueue<>();
  volatile int status = 200;

  /** One request. */
  record Asked(String method, String target, Map<String, List<String>> headers, String content) {
    String header(String name) {
      List<String> values = headers.getOrDefault(name, List.of());
      return values.size() == 1 ? values.getFirst() : values.toString();
    }
  }

  RecordingNova() throws IOException {
    server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.createContext("/", this::answer);
    server.start();
  }

  private void answer(HttpExchange exchange) throws IOException {
    try (exchange) {
      String content = new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8);
      Asked request =
          new Asked(
              exchange.getRequestMethod(),
              exchange.getRequestURI().toString(),
              Map.copyOf(exchange.getRequestHeaders()),
              content);
      asked.add(request);
      byte[] text = ("id " + request.header("X-instance-id")).getBytes(StandardCharsets.UTF_8);
      exchange.getResponseHeaders().set("Content-Type", "text/plain; charset=utf-8");
      exchange.getResponseHeaders().set("X-Secret-Of-Nova", "1");
      boolean head = request.method().equals("HEAD");
      exchange.sendResponseHeaders(status, head ? -1 : text.length);
      if (!head) {
        exchange.getResponseBody().write(text);
      }
    }
  }

  int port() {
    return server.getAddress().getPort();
  }

  /** The next request that nobody has looked at. */
  Asked next() throws InterruptedException {
    Asked next = asked.poll(10, TimeUnit.SECONDS);
    if (next == null) {
      throw new AssertionError("Nova was not asked");
    }
    return next;
  }

  boolean wasAsked() {
    return !asked.isEmpty();
  }

  @Override
  public void close() {
    server.stop(0);
  }
}
