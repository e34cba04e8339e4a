package org.nucleon.metadata.agent;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.nucleon.network.api.Ports;

/** From a guest's bytes to Nova and back, with sockets of this machine's own. */
class ServiceTest {
  private static final Place PLACE = new Place.OfNetwork(MetadataCloud.network(1));
  private static final String GET = "GET /latest/meta-data/instance-id HTTP/1.1\r\n";

  private final MetadataCloud cloud = new MetadataCloud();
  private RecordingNova nova;
  private ServerSocketChannel server;
  private Service service;

  @BeforeEach
  void open() throws Exception {
    nova = new RecordingNova();
    server = ServerSocketChannel.open();
    server.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
    cloud.served(1, "127.0.0.0/24");
    cloud.guest(1, 1, "127.0.0.1", "0a1b", "project");
    serve(Duration.ofSeconds(30));
  }

  private void serve(Duration limit) {
    service =
        new Service(
            cloud::picture,
            new Nova(
                URI.create("http://127.0.0.1:" + nova.port()),
                HttpClient.newHttpClient(),
                "s3cret",
                Duration.ofSeconds(10)),
            limit);
  }

  @AfterEach
  void close() throws Exception {
    service.close();
    server.close();
    nova.close();
  }

  private Socket connect() throws IOException {
    Socket guest = new Socket();
    guest.connect(server.getLocalAddress());
    guest.setSoTimeout(20_000);
    SocketChannel accepted = server.accept();
    Thread.ofVirtual().start(() -> service.serve(accepted, PLACE));
    return guest;
  }

  private String ask(String request) throws IOException {
    try (Socket guest = connect()) {
      guest.getOutputStream().write(request.getBytes(StandardCharsets.ISO_8859_1));
      return new String(guest.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    }
  }

  @Test
  void novaIsToldWhoAsksAndTheGuestGetsItsAnswer() throws Exception {
    String answer = ask(GET + "\r\n");
    assertThat(answer)
        .startsWith("HTTP/1.1 200 ")
        .contains("Content-Type: text/plain; charset=utf-8", "Connection: close")
        .endsWith("\r\n\r\nid 0a1b")
        .doesNotContain("Secret");
    RecordingNova.Asked asked = nova.next();
    assertThat(asked.target()).isEqualTo("/latest/meta-data/instance-id");
    assertThat(asked.header("X-forwarded-for")).isEqualTo("127.0.0.1");
    assertThat(asked.header("X-instance-id")).isEqualTo("0a1b");
    assertThat(asked.header("X-tenant-id")).isEqualTo("project");
    // printf 0a1b | openssl dgst -sha256 -hmac s3cret
    assertThat(asked.header("X-instance-id-signature"))
        .isEqualTo("beea075289ef15839a942f2f3c5bf7ab2aeaba5666f8c0060f167c720e4f1ffd");
  }

  @Test
  void contentIsPassedOnAndHeadHasNone() throws Exception {
    assertThat(ask("POST /openstack/latest/password HTTP/1.1\r\nContent-Length: 3\r\n\r\nabc"))
        .startsWith("HTTP/1.1 200 ");
    RecordingNova.Asked asked = nova.next();
    assertThat(asked.method()).isEqualTo("POST");
    assertThat(asked.content()).isEqualTo("abc");
    assertThat(ask("HEAD / HTTP/1.1\r\n\r\n")).startsWith("HTTP/1.1 200 ").endsWith("\r\n\r\n");
  }

  @Test
  void forgedHeadersAreReplaced() throws Exception {
    String forged =
        """
        X-Instance-ID: victim
        x-instance-id: victim
        X-INSTANCE-ID-SIGNATURE: 00
        X-Tenant-ID: theirs
        X-Forwarded-For: 10.9.9.9
        X-Forwarded-For: 10.9.9.9
        """;
    assertThat(ask(GET + forged + "\r\n")).endsWith("id 0a1b");
    RecordingNova.Asked asked = nova.next();
    assertThat(asked.header("X-instance-id")).isEqualTo("0a1b");
    assertThat(asked.header("X-tenant-id")).isEqualTo("project");
    assertThat(asked.header("X-forwarded-for")).isEqualTo("127.0.0.1");
    assertThat(asked.headers().toString()).doesNotContain("victim", "theirs", "10.9.9.9");
  }

  @Test
  void strangersAndBadRequestsNeverReachNova() throws Exception {
    cloud.update(Ports.PORT, MetadataCloud.guest(1), p -> p.set(Ports.FIXED_IPS, List.of()));
    assertThat(ask(GET + "\r\n")).startsWith("HTTP/1.1 404 ");
    assertThat(ask("hello\r\n\r\n")).startsWith("HTTP/1.1 400 ");
    assertThat(ask("PUT / HTTP/1.1\r\nContent-Length: 70000\r\n\r\n" + "a".repeat(60_000)))
        .startsWith("HTTP/1.1 413 ");
    assertThat(nova.wasAsked()).isFalse();
  }

  @Test
  void aTargetThatIsNoneIsRefused() throws Exception {
    assertThat(ask("GET /{} HTTP/1.1\r\n\r\n")).startsWith("HTTP/1.1 400 ");
    assertThat(ask("GET /@evil.example:1/ HTTP/1.1\r\n\r\n")).startsWith("HTTP/1.1 200 ");
    assertThat(nova.next().target()).isEqualTo("/@evil.example:1/");
  }

  @Test
  void whatNovaSaysOfItselfIsNotForGuests() throws Exception {
    nova.status = 404;
    assertThat(ask(GET + "\r\n")).startsWith("HTTP/1.1 404 ").endsWith("id 0a1b");
    nova.status = 500;
    assertThat(ask(GET + "\r\n")).startsWith("HTTP/1.1 502 ").doesNotContain("0a1b");
    nova.status = 503;
    assertThat(ask(GET + "\r\n")).startsWith("HTTP/1.1 503 ").doesNotContain("0a1b");
    nova.close();
    assertThat(ask(GET + "\r\n")).startsWith("HTTP/1.1 503 ").doesNotContain("127.0.0.1");
  }

  @Test
  void whoNeverFinishesIsPutOff() throws Exception {
    service.close();
    serve(Duration.ofMillis(200));
    try (Socket guest = connect()) {
      guest.getOutputStream().write("GET / HT".getBytes(StandardCharsets.ISO_8859_1));
      assertThat(guest.getInputStream().read()).as("the end of the connection").isEqualTo(-1);
    }
  }
}
