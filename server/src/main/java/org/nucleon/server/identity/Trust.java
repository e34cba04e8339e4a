package org.nucleon.server.identity;

import java.io.IOException;
import java.net.http.HttpClient;
import java.time.Duration;
import javax.net.ssl.SSLContext;
import org.jspecify.annotations.Nullable;
import org.nucleon.core.feature.Configuration;
import org.nucleon.core.feature.Option;
import org.nucleon.core.net.TlsFiles;

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
    boolean any = configuration.get(insecure);
    if (!any && path.isEmpty()) {
      return new Trust(null);
    }
    try {
      return new Trust(TlsFiles.trusting(any, path).context());
    } catch (IOException e) {
      throw new IllegalArgumentException(file + " = " + path + ": " + e.getMessage(), e);
    }
  }

  /** A client that believes these and speaks HTTP/1.1. */
  HttpClient client(Duration connecting) {
    HttpClient.Builder builder =
        HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).connectTimeout(connecting);
    return (tls == null ? builder : builder.sslContext(tls)).build();
  }
}
