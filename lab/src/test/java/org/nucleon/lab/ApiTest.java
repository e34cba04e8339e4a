package org.nucleon.lab;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The scenarios' client, against a server that answers what each test says. */
final class ApiTest {
  private final List<String> requests = new ArrayList<>();
  private String answer = "";
  private int status = 200;
  private HttpServer server;
  private Api api;

  @BeforeEach
  void listen() throws IOException {
    server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.createContext(
        "/",
        exchange -> {
          String body =
              new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8);
          String project = exchange.getRequestHeaders().getFirst("X-Project-Id");
          requests.add(
              exchange.getRequestMethod() + " " + exchange.getRequestURI() + " " + body + project);
          byte[] octets = answer.getBytes(StandardCharsets.UTF_8);
          exchange.sendResponseHeaders(status, octets.length == 0 ? -1 : octets.length);
          exchange.getResponseBody().write(octets);
          exchange.close();
        });
    server.start();
    api = Api.at(URI.create("http://127.0.0.1:" + server.getAddress().getPort()));
  }

  @AfterEach
  void stop() {
    api.close();
    server.stop(0);
  }

  @Test
  void wrapsAndUnwraps() {
    answer = "{\"security_group\": {\"id\": \"7\"}}";
    status = 201;

    assertThat(
            api.as("p1", "member")
                .create("security_group", Map.of("name", "web"))
                .get("id")
                .asString())
        .isEqualTo("7");
    assertThat(requests)
        .containsExactly("POST /v2.0/security-groups {\"security_group\":{\"name\":\"web\"}}p1");
  }

  @Test
  void listsWithFilters() {
    answer = "{\"ports\": [{\"id\": \"1\"}, {\"id\": \"2\"}]}";

    assertThat(api.list("port", Map.of("name", "a b"))).hasSize(2);
    assertThat(requests).containsExactly("GET /v2.0/ports?name=a+b null");
  }

  @Test
  void refusalCarriesStatusAndType() {
    answer =
        "{\"NeutronError\": {\"type\": \"PortNotFound\", \"message\": \"no\", \"detail\": \"\"}}";
    status = 404;

    assertThatExceptionOfType(ApiError.class)
        .isThrownBy(() -> api.delete("port", "1"))
        .withMessageContaining("DELETE /v2.0/ports/1: 404")
        .satisfies(error -> assertThat(error.type()).isEqualTo("PortNotFound"));
  }

  @Test
  void emptyAnswerIsMissing() {
    status = 204;

    assertThat(api.send("DELETE", "/v2.0/ports/1", Map.of()).body().isMissingNode()).isTrue();
  }
}
