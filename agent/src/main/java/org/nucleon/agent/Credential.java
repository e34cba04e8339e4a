package org.nucleon.agent;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.CertificateFactory;
import java.util.Map;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManager;
import org.nucleon.core.json.Json;
import org.nucleon.core.json.MalformedJson;

/**
 * What {@code nucleon enroll} made for this host.
 *
 * @param server the agents' listener, {@code https://address:port}
 * @param host the host's name
 * @param token the host's secret
 * @param certificate the server's certificate, PEM: the only one that is trusted
 */
public record Credential(URI server, String host, String token, String certificate) {

  /** Reads the file; the message of a failure is for people. */
  public static Credential read(Path file) throws IOException {
    try {
      if (Json.parse(Files.readAllBytes(file)) instanceof Map<?, ?> map) {
        return new Credential(
            URI.create(text(map, "server")),
            text(map, "host"),
            text(map, "token"),
            text(map, "certificate"));
      }
    } catch (MalformedJson | IllegalArgumentException e) {
      throw new IOException(file + " is no enrollment file: " + e.getMessage(), e);
    }
    throw new IOException(file + " is no enrollment file");
  }

  private static String text(Map<?, ?> map, String name) {
    if (map.get(name) instanceof String text) {
      return text;
    }
    throw new IllegalArgumentException("'" + name + "' is missing");
  }

  /** TLS that trusts the server's certificate and nothing else. */
  SSLContext trust() throws IOException {
    try {
      KeyStore store = KeyStore.getInstance(KeyStore.getDefaultType());
      store.load(null, null);
      store.setCertificateEntry(
          "server",
          CertificateFactory.getInstance("X.509")
              .generateCertificate(
                  new ByteArrayInputStream(certificate.getBytes(StandardCharsets.US_ASCII))));
      SSLContext context = SSLContext.getInstance("TLSv1.3");
      context.init(
          null, new TrustManager[] {new PinnedCertificate(store.getCertificate("server"))}, null);
      return context;
    } catch (GeneralSecurityException e) {
      throw new IOException("the enrollment's certificate cannot be used: " + e.getMessage(), e);
    }
  }
}
