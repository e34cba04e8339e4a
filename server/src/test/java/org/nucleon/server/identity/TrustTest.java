package org.nucleon.server.identity;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.net.httpserver.HttpsConfigurator;
import com.sun.net.httpserver.HttpsServer;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyStore;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLHandshakeException;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.nucleon.server.config.IniConfiguration;

/** Whose certificates are believed, tried on a service with a certificate that nobody knows. */
final class TrustTest {

  private static final char[] PASSWORD = "secret".toCharArray();

  @TempDir static Path folder;
  private static HttpsServer service;
  private static HttpsServer other;

  @BeforeAll
  static void start() throws Exception {
    service = serve("right", "127.0.0.1");
    other = serve("other", "127.0.0.2");
  }

  @AfterAll
  static void stop() {
    service.stop(0);
    other.stop(0);
  }

  /** A service on 127.0.0.1 whose certificate is for an address, and its certificate in a file. */
  private static HttpsServer serve(String name, String address) throws Exception {
    Path file = folder.resolve(name);
    keytool(
        file,
        "-genkeypair -keyalg EC -groupname secp256r1 -dname CN=test -storetype PKCS12 -ext san=ip:"
            + address);
    keytool(file, "-exportcert -rfc -file " + folder.resolve(name + ".pem"));
    KeyManagerFactory own = KeyManagerFactory.getInstance("PKIX");
    own.init(KeyStore.getInstance(file.toFile(), PASSWORD), PASSWORD);
    SSLContext context = SSLContext.getInstance("TLS");
    context.init(own.getKeyManagers(), null, null);
    HttpsServer made =
        HttpsServer.create(new InetSocketAddress(InetAddress.ofLiteral("127.0.0.1"), 0), 0);
    made.setHttpsConfigurator(new HttpsConfigurator(context));
    made.createContext(
        "/",
        exchange -> {
          try (exchange) {
            exchange.sendResponseHeaders(204, -1);
          }
        });
    made.start();
    return made;
  }

  private static void keytool(Path store, String arguments) throws Exception {
    List<String> command =
        new ArrayList<>(
            List.of(Path.of(System.getProperty("java.home"), "bin", "keytool").toString()));
    command.addAll(List.of(arguments.split(" ")));
    command.addAll(List.of("-alias", "a", "-storepass", "secret", "-keystore", store.toString()));
    assertThat(new ProcessBuilder(command).start().waitFor()).isZero();
  }

  private static Trust trust(String option, String value) {
    return Trust.of(new IniConfiguration().with("nova", option, value), "nova");
  }

  private static int status(Trust trust, HttpsServer of) throws Exception {
    HttpRequest request =
        HttpRequest.newBuilder(URI.create("https://127.0.0.1:" + of.getAddress().getPort() + "/"))
            .build();
    try (var client = trust.client(Duration.ofSeconds(30))) {
      return client.send(request, BodyHandlers.discarding()).statusCode();
    }
  }

  @Test
  void nobodyKnowsIt() {
    assertThatThrownBy(() -> status(trust("insecure", "false"), service))
        .isInstanceOf(SSLHandshakeException.class);
  }

  @Test
  void itsCertificateIsNamed() throws Exception {
    Trust trust = trust("cafile", folder.resolve("right.pem").toString());
    assertThat(status(trust, service)).isEqualTo(204);
    assertThatThrownBy(() -> status(trust, other)).isInstanceOf(SSLHandshakeException.class);
  }

  @Test
  void itsCertificateIsForAnotherAddress() {
    Trust trust = trust("cafile", folder.resolve("other.pem").toString());
    assertThatThrownBy(() -> status(trust, other)).isInstanceOf(SSLHandshakeException.class);
  }

  @Test
  void anyCertificateDoes() throws Exception {
    Trust trust = trust("insecure", "true");
    assertThat(status(trust, service)).isEqualTo(204);
    assertThat(status(trust, other)).isEqualTo(204);
  }

  @Test
  void aFileWithoutCertificatesIsNamed() throws Exception {
    Path empty = Files.writeString(folder.resolve("empty.pem"), "");
    for (String file : List.of(empty.toString(), folder.resolve("none.pem").toString())) {
      assertThatThrownBy(() -> trust("cafile", file))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessageContaining("[nova] cafile = " + file);
    }
  }
}
