package org.nucleon.server.identity;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.nucleon.server.LiveServer;
import org.nucleon.server.LiveServer.Reply;

/** What a Keystone can do wrong, played by a small one; the real one is in {@link KeystoneTest}. */
final class KeystoneFailuresTest {

  @TempDir Path folder;
  private final AtomicInteger logins = new AtomicInteger();
  private final AtomicInteger questions = new AtomicInteger();
  private final java.util.Map<String, String> bodies = new ConcurrentHashMap<>();
  private volatile int refusals;
  private final CountDownLatch released = new CountDownLatch(1);
  private HttpServer keystone;
  private LiveServer server;

  @BeforeEach
  void start() throws IOException {
    keystone = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    keystone.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
    keystone.createContext("/identity/v3/auth/tokens", this::answer);
    keystone.start();
    server =
        LiveServer.start(
            folder,
            "keystone_authtoken",
            "auth_url",
            "http://127.0.0.1:" + keystone.getAddress().getPort() + "/identity/",
            "keystone_authtoken",
            "username",
            "neutron",
            "keystone_authtoken",
            "http_connect_timeout",
            "1");
    bodies.put("good", token("member", Instant.now().plusSeconds(600)));
    bodies.put("ended", token("member", Instant.now().minusSeconds(600)));
    bodies.put("nova", token("service", Instant.now().plusSeconds(600)));
    bodies.put("unscoped", "{\"token\":{\"expires_at\":\"2099-01-01T00:00:00Z\",\"roles\":[]}}");
    bodies.put("no JSON", "<html>");
    bodies.put("no time", "{\"token\":{\"project\":{\"id\":\"p\"}}}");
  }

  @AfterEach
  void stop() {
    released.countDown();
    server.close();
    keystone.stop(0);
  }

  private static String token(String role, Instant expires) {
    return "{\"token\":{\"expires_at\":\"%s\",\"project\":{\"id\":\"p1\"},\"roles\":[{\"name\":\"%s\"}]}}"
        .formatted(expires, role);
  }

  private void answer(HttpExchange exchange) throws IOException {
    try (exchange) {
      if (exchange.getRequestMethod().equals("POST")) {
        exchange.getResponseHeaders().add("X-Subject-Token", "own" + logins.incrementAndGet());
        send(exchange, 201, "{\"token\":{}}");
        return;
      }
      questions.incrementAndGet();
      String subject = exchange.getRequestHeaders().getFirst("X-Subject-Token");
      if (subject.equals("slow")) {
        released.await();
      } else if (exchange.getRequestHeaders().getFirst("X-Auth-Token").equals("own" + refusals)) {
        send(exchange, 401, "{}");
      } else if (subject.equals("ended")
          && !exchange.getRequestURI().getQuery().contains("allow_expired=1")) {
        send(exchange, 404, "{}");
      } else {
        send(exchange, bodies.containsKey(subject) ? 200 : 404, bodies.getOrDefault(subject, "{}"));
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private static void send(HttpExchange exchange, int status, String body) throws IOException {
    byte[] bytes = body.getBytes(StandardCharsets.UTF_8);
    exchange.sendResponseHeaders(status, bytes.length);
    exchange.getResponseBody().write(bytes);
  }

  private Reply ask(String... headers) {
    return server.get("/networks", headers);
  }

  @Test
  void askedOnceWhileTheAnswerIsFresh() {
    for (int i = 0; i < 5; i++) {
      assertThat(ask("X-Auth-Token", "good").status()).isEqualTo(200);
      assertThat(ask("X-Auth-Token", "bad").status()).isEqualTo(401);
    }
    assertThat(questions.get()).isEqualTo(2);
    assertThat(logins.get()).isEqualTo(1);
  }

  @Test
  void ownTokenIsRenewed() {
    refusals = 1;
    assertThat(ask("X-Auth-Token", "good").status()).isEqualTo(200);
    assertThat(logins.get()).isEqualTo(2);
  }

  @Test
  void answersThatMakeNoSenseAreNoAnswers() {
    for (String token : List.of("no JSON", "no time")) {
      Reply reply;
      do { // after the pause that the other one caused
        reply = ask("X-Auth-Token", token);
      } while (questions.get() == 0);
      questions.set(0);
      assertThat(reply.status()).as("%s %s", token, reply).isEqualTo(503);
    }
  }

  @Test
  void aSilentKeystoneKeepsNobodyWaitingForLong() {
    assertThat(ask("X-Auth-Token", "good").status()).isEqualTo(200);
    assertThat(ask("X-Auth-Token", "slow").status()).isEqualTo(503);
    assertThat(ask("X-Auth-Token", "good").status()).isEqualTo(200);
  }

  @Test
  void aServiceGoesOnWithAUsersTokenThatEnded() {
    assertThat(ask("X-Auth-Token", "ended").status()).isEqualTo(401);
    assertThat(ask("X-Auth-Token", "ended", "X-Service-Token", "good").status()).isEqualTo(401);
    assertThat(ask("X-Auth-Token", "good", "X-Service-Token", "bad").status()).isEqualTo(401);
    assertThat(ask("X-Auth-Token", "ended", "X-Service-Token", "nova").status()).isEqualTo(200);
    assertThat(ask("X-Auth-Token", "ended").status()).isEqualTo(401);
  }

  @Test
  void tokensForNoProjectAreRefused() {
    Reply reply = ask("X-Auth-Token", "unscoped");
    assertThat(reply.status()).isEqualTo(403);
    assertThat(reply.type()).isEqualTo("InvalidScope");
  }
}
