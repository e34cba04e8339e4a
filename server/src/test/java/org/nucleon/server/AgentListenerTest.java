package org.nucleon.server;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.KeyStore;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.nucleon.core.json.Json;
import org.nucleon.core.json.MalformedJson;
import org.nucleon.server.watch.Enrollment;

/**
 * Agents connect over TLS with their host's token, and see and report only what is their host's.
 */
final class AgentListenerTest {

  private static final char[] PASSWORD = "secret".toCharArray();

  @TempDir static Path folder;
  static LiveServer server;
  static Enrollment enrollment;
  static SSLContext tls;
  static int port;
  static String network;
  static String subnet;

  @BeforeAll
  static void start() throws Exception {
    server = LiveServer.start(folder.resolve("state"), "ml2", "mechanism_drivers", "everywhere");
    enrollment = new Enrollment(folder.resolve("enrolled"));
    tls = certificate(folder.resolve("keys"));
    port =
        server
            .server()
            .serveAgents(
                new InetSocketAddress(InetAddress.ofLiteral("127.0.0.1"), 0), tls, enrollment);
    network = server.network("n");
    subnet = server.subnet(network, "10.0.0.0/24");
  }

  @AfterAll
  static void stop() {
    server.close();
  }

  private static SSLContext certificate(Path file) throws Exception {
    String keytool = Path.of(System.getProperty("java.home"), "bin", "keytool").toString();
    String options =
        "-genkeypair -alias a -keyalg EC -groupname secp256r1 -dname CN=test -storetype PKCS12"
            + " -ext san=ip:127.0.0.1 -storepass secret -keystore";
    List<String> command = new ArrayList<>(List.of(keytool));
    command.addAll(List.of(options.split(" ")));
    command.add(file.toString());
    assertThat(new ProcessBuilder(command).inheritIO().start().waitFor()).isZero();
    KeyStore keys = KeyStore.getInstance(file.toFile(), PASSWORD);
    KeyManagerFactory own = KeyManagerFactory.getInstance("PKIX");
    own.init(keys, PASSWORD);
    KeyStore trusted = KeyStore.getInstance("PKCS12");
    trusted.load(null, null);
    trusted.setCertificateEntry("a", keys.getCertificate("a"));
    TrustManagerFactory trust = TrustManagerFactory.getInstance("PKIX");
    trust.init(trusted);
    SSLContext context = SSLContext.getInstance("TLS");
    context.init(own.getKeyManagers(), trust.getTrustManagers(), null);
    return context;
  }

  private static HttpClient client() {
    return HttpClient.newBuilder().sslContext(tls).build();
  }

  private static HttpRequest request(String path, String token, Object body) {
    HttpRequest.Builder request =
        HttpRequest.newBuilder(URI.create("https://127.0.0.1:" + port + path))
            .POST(BodyPublishers.ofString(Json.text(body)));
    return (token.isEmpty() ? request : request.header("Authorization", token)).build();
  }

  private static int status(String path, String token, Object body) throws Exception {
    try (HttpClient client = client()) {
      HttpResponse<Stream<String>> answer =
          client.send(request(path, token, body), BodyHandlers.ofLines());
      if (answer.statusCode() == 200 && path.equals("/watch")) {
        client.shutdownNow();
      }
      return answer.statusCode();
    }
  }

  /** An open watch, line by line. */
  private static final class Watch implements AutoCloseable {
    private final HttpClient client = client();
    private final Iterator<String> lines;

    Watch(String host, Map<String, Object> have) throws Exception {
      HttpRequest request =
          request(
              "/watch", "Bearer " + enrollment.enroll(host), Map.of("protocol", 1, "have", have));
      HttpResponse<Stream<String>> answer = client.send(request, BodyHandlers.ofLines());
      assertThat(answer.statusCode()).isEqualTo(200);
      lines = answer.body().iterator();
    }

    Map<?, ?> next() throws MalformedJson {
      return (Map<?, ?>) Json.parse(lines.next());
    }

    @Override
    public void close() {
      client.shutdownNow();
    }
  }

  private static List<String> ids(Map<?, ?> update, String list) {
    return ((List<?>) update.get(list))
        .stream().map(one -> String.valueOf(((Map<?, ?>) one).get("id"))).toList();
  }

  @Test
  void speaksNothingInTheClear() throws IOException {
    try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
      socket
          .getOutputStream()
          .write("GET /watch HTTP/1.1\r\nHost: x\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
      byte[] answer = socket.getInputStream().readAllBytes();
      assertThat(new String(answer, StandardCharsets.ISO_8859_1))
          .doesNotContain("HTTP/1.1 2", "put");
    }
  }

  @Test
  void wantsTheTokenOfAnEnrolledHost() throws Exception {
    String token = enrollment.enroll("t1");
    String other = enrollment.enroll("t2");
    Map<String, Object> none = Map.of("reports", List.of());
    for (String path : List.of("/watch", "/reports", "/anything")) {
      for (String wrong :
          List.of(
              "",
              "Bearer ",
              "Bearer t1",
              "Bearer t1:",
              "Bearer t1:wrong",
              "Bearer t1:" + other.substring(3),
              "Bearer ../t1:x",
              "Basic " + token,
              "Bearer nobody:" + token.substring(3))) {
        assertThat(status(path, wrong, none)).as("%s %s", path, wrong).isEqualTo(401);
      }
    }
    assertThat(status("/reports", "Bearer " + token, none)).isEqualTo(200);
    assertThat(status("/watch", "Bearer " + token, Map.of())).isEqualTo(200);
    String newer = enrollment.enroll("t1");
    assertThat(status("/reports", "Bearer " + token, none)).as("replaced").isEqualTo(401);
    enrollment.withdraw("t1");
    assertThat(status("/reports", "Bearer " + newer, none)).as("withdrawn").isEqualTo(401);
  }

  @Test
  void hostsReportOnTheirOwnPortsOnly() throws Exception {
    String mine = server.port(network, "binding:host_id", "r1");
    String foreign = server.port(network, "binding:host_id", "r2");
    String token = "Bearer " + enrollment.enroll("r1");
    assertThat(status("/reports", token, up(foreign))).isEqualTo(403);
    assertThat(server.get("/ports/" + foreign).at("port", "status")).isEqualTo("DOWN");
    assertThat(status("/reports", token, up(mine))).isEqualTo(200);
    assertThat(server.get("/ports/" + mine).at("port", "status")).isEqualTo("ACTIVE");
    Map<String, Object> nonsense = Map.of("reports", List.of(Map.of("type", "port", "id", 3)));
    assertThat(status("/reports", token, nonsense)).isEqualTo(400);
    String second = server.port(network, "binding:host_id", "r1");
    Map<String, Object> unknown = Map.of("type", "x", "kind", "switch", "id", mine);
    Object good = ((List<?>) up(second).get("reports")).getFirst();
    assertThat(status("/reports", token, Map.of("reports", List.of(unknown, good)))).isEqualTo(403);
    assertThat(server.get("/ports/" + second).at("port", "status"))
        .as("what is wrong costs itself alone")
        .isEqualTo("ACTIVE");
  }

  private static Map<String, Object> up(String id) {
    return Map.of(
        "reports", List.of(Map.of("type", "port", "kind", "switch", "id", id, "state", "up")));
  }

  @Test
  void watchShowsWhatConcernsTheHostAndThenChanges() throws Exception {
    String other = server.network("other");
    server.subnet(other, "10.1.0.0/24");
    // in the same group it would concern w1: rules let the group's members in
    String foreign = server.port(other, "binding:host_id", "w2", "port_security_enabled", false);
    String mine = server.port(network, "binding:host_id", "w1");
    try (Watch watch = new Watch("w1", Map.of())) {
      assertThat(ids(watch.next(), "put"))
          .contains(network, subnet, mine)
          .doesNotContain(other, foreign);
      String more = server.port(network, "binding:host_id", "w1");
      assertThat(ids(watch.next(), "put")).contains(more);
      server.delete("/ports/" + more);
      assertThat(ids(watch.next(), "forget")).contains(more);
      server.put("/networks/" + other, Map.of("network", Map.of("name", "unseen")));
      server.put("/networks/" + network, Map.of("network", Map.of("description", "seen")));
      assertThat(ids(watch.next(), "put")).containsExactly(network);
    }
  }

  @Test
  void withdrawingEndsAnOpenWatch() throws Exception {
    server.port(network, "binding:host_id", "x1");
    try (Watch withdrawn = new Watch("x1", Map.of());
        Watch replaced = new Watch("x2", Map.of());
        Watch untouched = new Watch("x3", Map.of())) {
      List.of(withdrawn, replaced, untouched).forEach(watch -> watch.lines.next());
      enrollment.withdraw("x1");
      enrollment.enroll("x2");
      String secret = server.port(network, "binding:host_id", "x1", "name", "after");
      server.port(network, "binding:host_id", "x2");
      String third = server.port(network, "binding:host_id", "x3");

      assertThat(withdrawn.lines.hasNext()).as("not told of %s", secret).isFalse();
      assertThat(replaced.lines.hasNext()).isFalse();
      assertThat(ids(untouched.next(), "put")).contains(third);
    }
  }

  @Test
  void watchResumesWithWhatTheHostHas() throws Exception {
    String mine = server.port(network, "binding:host_id", "v1");
    Map<?, ?> all;
    try (Watch watch = new Watch("v1", Map.of())) {
      all = watch.next();
    }
    Map<String, Map<String, Object>> have = new java.util.HashMap<>();
    for (Object one : (List<?>) all.get("put")) {
      Map<?, ?> resource = (Map<?, ?>) one;
      have.computeIfAbsent((String) resource.get("type"), t -> new java.util.HashMap<>())
          .put((String) resource.get("id"), resource.get("number"));
    }
    String gone = "11111111-2222-3333-4444-555555555555";
    have.get("port").put(gone, 1);
    server.put("/ports/" + mine, Map.of("port", Map.of("name", "changed")));
    try (Watch watch = new Watch("v1", Map.copyOf(have))) {
      Map<?, ?> difference = watch.next();
      assertThat(ids(difference, "put")).contains(mine).doesNotContain(subnet);
      assertThat(ids(difference, "forget")).containsExactly(gone);
    }
    String token = "Bearer " + enrollment.enroll("v1");
    for (Object bad : List.of(Map.of("port", Map.of("no-id", 1)), Map.of("port", 3), List.of(1))) {
      assertThat(status("/watch", token, Map.of("have", bad))).as("%s", bad).isIn(200, 400);
    }
    assertThat(status("/watch", token, Map.of("protocol", 99))).isEqualTo(400);
  }
}
