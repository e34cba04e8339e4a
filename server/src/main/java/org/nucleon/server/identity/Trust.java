package org.nucleon.server.identity;

import java.io.IOException;
import java.io.InputStream;
import java.net.Socket;
import java.net.http.HttpClient;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.Certificate;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.time.Duration;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.TrustManager;
import javax.net.ssl.TrustManagerFactory;
import javax.net.ssl.X509ExtendedTrustManager;
import org.jspecify.annotations.Nullable;
import org.nucleon.core.feature.Configuration;
import org.nucleon.core.feature.Option;

/**
 * Whose certificates are believed of services reached by https.
 *
 * @param tls what the operator chose, null for the authorities that the system knows
 */
record Trust(@Nullable SSLContext tls) {

  /**
   * What a section says.
   *
   * @throws IllegalArgumentException naming the option, if its file is no list of certificates
   */
  static Trust of(Configuration configuration, String section) {
    Option<String> file =
        Option.text(
            section,
            "cafile",
            "",
            "the authorities that services' certificates must be from, in PEM; by default the system's");
    Option<Boolean> insecure =
        Option.bool(section, "insecure", false, "whether any certificate of a service will do");
    String path = configuration.get(file);
    try {
      if (configuration.get(insecure)) {
        return new Trust(context(new Anyone()));
      }
      return new Trust(path.isEmpty() ? null : context(authorities(Path.of(path))));
    } catch (IOException | GeneralSecurityException e) {
      throw new IllegalArgumentException(file + " = " + path + ": " + e.getMessage(), e);
    }
  }

  /** A client that believes these and speaks HTTP/1.1. */
  HttpClient client(Duration connecting) {
    HttpClient.Builder builder =
        HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).connectTimeout(connecting);
    return (tls == null ? builder : builder.sslContext(tls)).build();
  }

  private static SSLContext context(TrustManager... managers) throws GeneralSecurityException {
    SSLContext context = SSLContext.getInstance("TLS");
    context.init(null, managers, null);
    return context;
  }

  private static TrustManager[] authorities(Path file)
      throws IOException, GeneralSecurityException {
    KeyStore store = KeyStore.getInstance(KeyStore.getDefaultType());
    store.load(null, null);
    try (InputStream in = Files.newInputStream(file)) {
      for (Certificate each : CertificateFactory.getInstance("X.509").generateCertificates(in)) {
        store.setCertificateEntry(Integer.toString(store.size()), each);
      }
    }
    if (store.size() == 0) {
      throw new IOException("no certificate in it");
    }
    TrustManagerFactory factory =
        TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
    factory.init(store);
    return factory.getTrustManagers();
  }

  /** The extended kind: only it keeps the names in certificates from being compared as well. */
  private static final class Anyone extends X509ExtendedTrustManager {
    @Override
    public void checkClientTrusted(X509Certificate[] chain, String type) {}

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String type) {}

    @Override
    public void checkClientTrusted(X509Certificate[] chain, String type, Socket socket) {}

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String type, Socket socket) {}

    @Override
    public void checkClientTrusted(X509Certificate[] chain, String type, SSLEngine engine) {}

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String type, SSLEngine engine) {}

    @Override
    public X509Certificate[] getAcceptedIssuers() {
      return new X509Certificate[0];
    }
  }
}
