package org.nucleon.agent;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.nucleon.agent.Toy.guest;
import static org.nucleon.agent.Toy.id;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpsConfigurator;
import com.sun.net.httpserver.HttpsServer;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.KeyStore;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.LinkedBlockingQueue;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.nucleon.core.json.Json;
import org.nucleon.core.resource.Resource;
import org.nucleon.core.watch.HostUpdate;

/** The way to a server over a real TLS connection. */
@Timeout(60)
final class HttpsLinkTest {

  private static final char[] PASSWORD = "secret".toCharArray();

  @TempDir static Path keys;
  static KeyStore own;
  static KeyStore other;

  private final BlockingQueue<HttpExchange> requests = new LinkedBlockingQueue<>();
  private final BlockingQueue<String> bodies = new LinkedBlockingQueue<>();
  private final CountDownLatch end = new CountDownLatch(1);
  private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
  private HttpsServer server;
  private int status = 200;
  private String answer = "";
  private boolean goesOn;
  private boolean mute;

  @BeforeAll
  static void makeKeys() throws Exception {
    own = key("own");
    other = key("other");
  }

  private static KeyStore key(String name) throws Exception {
    Path file = keys.resolve(name);
    List<String> command =
        new ArrayList<>(
            List.of(Path.of(System.getProperty("java.home"), "bin", "keytool").toString()));
    command.addAll(
        List.of(
            ("-genkeypair -alias a -keyalg EC -groupname secp256r1 -dname CN=test"
                    + " -storetype PKCS12 -storepass secret -keystore")
                .split(" ")));
    command.add(file.toString());
    assertThat(new ProcessBuilder(command).inheritIO().start().waitFor()).isZero();
    return KeyStore.getInstance(file.toFile(), PASSWORD);
  }

  @BeforeEach
  void start() throws Exception {
    KeyManagerFactory factory = KeyManagerFactory.getInstance("PKIX");
    factory.init(own, PASSWORD);
    SSLContext tls = SSLContext.getInstance("TLS");
    tls.init(factory.getKeyManagers(), null, null);
    server = HttpsServer.create(new InetSocketAddress(InetAddress.ofLiteral("127.0.0.1"), 0), 0);
    server.setHttpsConfigurator(new HttpsConfigurator(tls));
    server.setExecutor(threads);
    server.createContext("/", this::serve);
    server.start();
  }

  @AfterEach
  void stop() {
    end.countDown();
    server.stop(0);
    threads.shutdownNow();
  }

  private void serve(HttpExchange exchange) throws IOException {
    bodies.add(new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8));
    requests.add(exchange);
    try {
      if (mute) {
        end.await();
      }
      exchange.sendResponseHeaders(status, 0);
      try (OutputStream out = exchange.getResponseBody()) {
        out.write(answer.getBytes(StandardCharsets.UTF_8));
        out.flush();
        if (goesOn) {
          end.await();
        }
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private HttpsLink link(KeyStore pinned, Duration silence) throws Exception {
    return link(pinned, silence, Duration.ofDays(1));
  }

  private HttpsLink link(KeyStore pinned, Duration silence, Duration heartbeat) throws Exception {
    String pem =
        "-----BEGIN CERTIFICATE-----\n"
            + Base64.getMimeEncoder().encodeToString(pinned.getCertificate("a").getEncoded())
            + "\n-----END CERTIFICATE-----\n";
    URI uri = URI.create("https://127.0.0.1:" + server.getAddress().getPort());
    return new HttpsLink(
        Toy.CATALOG, new Credential(uri, "h1", "the-token", pem), silence, heartbeat);
  }

  private HttpsLink link() throws Exception {
    return link(own, Duration.ofDays(1));
  }

  private static String line(long number, Resource resource) {
    return Json.text(
            Map.of("number", number, "put", List.of(Documents.json(resource)), "forget", List.of()))
        + "\n";
  }

  @Test
  void readsChangeSetsAndTellsWhoItIs() throws Exception {
    answer = line(1, guest("a", 1, "n1")) + line(2, guest("b", 2, "n1"));
    List<HostUpdate> updates = new ArrayList<>();
    assertThatThrownBy(() -> link().watch(List.of(), List.of(guest("c", 7, "n1")), updates::add))
        .isInstanceOf(IOException.class)
        .hasMessage("the server ended the watch");
    assertThat(updates).extracting(HostUpdate::number).containsExactly(1L, 2L);
    assertThat(requests.take().getRequestHeaders().getFirst("Authorization"))
        .isEqualTo("Bearer the-token");
    assertThat(Json.parse(bodies.take()))
        .asInstanceOf(org.assertj.core.api.InstanceOfAssertFactories.MAP)
        .containsEntry("have", Map.of("guest", Map.of(id("c").toString(), 7)))
        .containsEntry("knows", Map.of("guest", List.of("tags", "net", "poison", "size")));
  }

  @Test
  void saysThatItIsThereAsLongAsItWatches() throws Exception {
    goesOn = true;
    HttpsLink link = link(own, Duration.ofSeconds(50), Duration.ofMillis(1));
    Thread watching =
        Thread.ofVirtual()
            .start(() ->
                assertThatThrownBy(() -> link.watch(List.of(), List.of(), update -> {}))
                    .isInstanceOf(IOException.class));
    assertThat(requests.take().getRequestURI().getPath()).isEqualTo("/watch");
    assertThat(requests.take().getRequestURI().getPath()).isEqualTo("/reports");
    bodies.take();
    assertThat(bodies.take()).isEqualTo("{\"reports\":[]}");
    link.disconnect();
    watching.join();
  }

  @Test
  void trustsNoOtherCertificate() throws Exception {
    HttpsLink link = link(other, Duration.ofDays(1));
    assertThatThrownBy(() -> link.watch(List.of(), List.of(), update -> {}))
        .isInstanceOf(IOException.class)
        .hasMessageContaining("certificate");
    assertThatThrownBy(() -> link.report(List.of())).isInstanceOf(IOException.class);
    assertThat(requests).as("the token is not shown to a stranger").isEmpty();
  }

  @Test
  void leavesAServerThatIsTooNew() throws Exception {
    answer = "{\"number\": 1, \"protocol\": 3, \"put\": [], \"forget\": []}\n";
    List<HostUpdate> updates = new ArrayList<>();
    assertThatThrownBy(() -> link().watch(List.of(), List.of(), updates::add))
        .hasMessage("the server speaks protocol 3, this agent 1");
    assertThat(updates).isEmpty();
  }

  @Test
  void tellsWhyItIsRefused() throws Exception {
    status = 401;
    answer = "unknown token";
    assertThatThrownBy(() -> link().watch(List.of(), List.of(), update -> {}))
        .isInstanceOf(IOException.class)
        .hasMessageContaining("401")
        .hasMessageContaining("unknown token");
  }

  @Test
  void endsAWatchThatIsNoneButKeepsWhatCameBefore() throws Exception {
    answer = line(1, guest("a", 1, "n1")) + "<html>\n" + line(2, guest("b", 2, "n1"));
    List<HostUpdate> updates = new ArrayList<>();
    assertThatThrownBy(() -> link().watch(List.of(), List.of(), updates::add))
        .isInstanceOf(IOException.class)
        .hasMessageContaining("no change set");
    assertThat(updates).extracting(HostUpdate::number).containsExactly(1L);
  }

  @Test
  void takesALongSilenceForTheEnd() throws Exception {
    answer = line(1, guest("a", 1, "n1"));
    goesOn = true;
    List<HostUpdate> updates = new ArrayList<>();
    HttpsLink link = link(own, Duration.ofSeconds(1));
    assertThatThrownBy(() -> link.watch(List.of(), List.of(), updates::add))
        .isInstanceOf(IOException.class);
    assertThat(updates).hasSize(1);
  }

  @Test
  void doesNotWaitForAServerThatNeverAnswers() throws Exception {
    mute = true;
    HttpsLink link = link(own, Duration.ofSeconds(1));
    assertThatThrownBy(() -> link.watch(List.of(), List.of(), update -> {}))
        .hasMessage("the server does not answer");
    assertThatThrownBy(() -> link.report(List.of())).hasMessage("the server does not answer");
  }

  @Test
  void isBrokenOffFromAnotherThread() throws Exception {
    answer = line(1, guest("a", 1, "n1"));
    goesOn = true;
    HttpsLink link = link();
    assertThatThrownBy(() ->
            link.watch(List.of(), List.of(), update -> Thread.ofVirtual().start(link::disconnect)))
        .isInstanceOf(IOException.class);
  }

  @Test
  void reportsWhatIsConfirmed() throws Exception {
    link()
        .report(List.of(new ServerLink.Report("guest", "switch", id("a"), Map.of("state", "up"))));
    assertThat(requests.take().getRequestURI().getPath()).isEqualTo("/reports");
    assertThat(Json.parse(bodies.take()))
        .isEqualTo(
            Map.of(
                "reports",
                List.of(
                    Map.of(
                        "type",
                        "guest",
                        "kind",
                        "switch",
                        "id",
                        id("a").toString(),
                        "state",
                        "up"))));
  }

  @Test
  void failsToReportToAServerInTroubleButNotToOneThatWillNotHear() throws Exception {
    List<ServerLink.Report> reports =
        List.of(new ServerLink.Report("guest", "switch", id("a"), Map.of()));
    status = 503;
    assertThatThrownBy(() -> link().report(reports)).hasMessageContaining("503");
    status = 403;
    link().report(reports);
    assertThat(requests).hasSize(2);
  }
}
