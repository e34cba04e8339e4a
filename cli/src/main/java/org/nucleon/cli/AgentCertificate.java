package org.nucleon.cli;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.util.Base64;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;

/**
 * The self-signed certificate that the server shows to agents. Each agent is given it when its host
 * is enrolled and trusts no other, so its names do not matter and nobody needs an authority.
 */
final class AgentCertificate {

  /** Whoever reads the file has the key: the modes of file and folder keep it, not this. */
  private static final String PASSWORD = "nucleon";

  private static final String ALIAS = "agents";

  private final KeyStore keys;

  private AgentCertificate(KeyStore keys) {
    this.keys = keys;
  }

  /**
   * The certificate in a keystore, which is made if it is not there.
   *
   * @throws Refusal if it cannot be made or read
   */
  static AgentCertificate of(Path keystore) throws Refusal {
    try {
      if (!Files.exists(keystore)) {
        make(keystore);
      }
      return new AgentCertificate(KeyStore.getInstance(keystore.toFile(), PASSWORD.toCharArray()));
    } catch (IOException | GeneralSecurityException e) {
      throw new Refusal("cannot use the keystore " + keystore + ": " + Causes.plain(e));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new Refusal("interrupted while making " + keystore);
    }
  }

  /** With the JDK's own tool: no interface of the JDK makes certificates. */
  private static void make(Path keystore) throws IOException, InterruptedException {
    Path folder = Files.createTempDirectory(keystore.getParent(), ".keystore");
    Path made = folder.resolve("new");
    Process keytool =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "keytool").toString(),
                "-genkeypair",
                "-alias",
                ALIAS,
                "-keyalg",
                "EC",
                "-groupname",
                "secp256r1",
                "-sigalg",
                "SHA256withECDSA",
                "-dname",
                "CN=nucleon",
                "-ext",
                "san=dns:localhost,ip:127.0.0.1",
                "-validity",
                "3650",
                "-storetype",
                "PKCS12",
                "-keystore",
                made.toString(),
                "-storepass",
                PASSWORD)
            .redirectErrorStream(true)
            .start();
    String said =
        new String(keytool.getInputStream().readAllBytes(), StandardCharsets.UTF_8).strip();
    if (keytool.waitFor() != 0) {
      Files.deleteIfExists(made);
      Files.delete(folder);
      throw new IOException("keytool: " + said);
    }
    try {
      Files.setPosixFilePermissions(made, PosixFilePermissions.fromString("rw-------"));
      Files.createLink(keystore, made); // whole, and never over one that is in use
    } catch (FileAlreadyExistsException e) {
      // another process was quicker: its certificate is the server's
    } finally {
      Files.delete(made);
      Files.delete(folder);
    }
  }

  /** Serves TLS with it. */
  SSLContext tls() throws Refusal {
    try {
      KeyManagerFactory managers =
          KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
      managers.init(keys, PASSWORD.toCharArray());
      SSLContext context = SSLContext.getInstance("TLS");
      context.init(managers.getKeyManagers(), null, null);
      return context;
    } catch (GeneralSecurityException e) {
      throw new Refusal("cannot use the agents' certificate: " + e.getMessage());
    }
  }

  /** The certificate in RFC 7468's textual form. */
  String pem() throws Refusal {
    try {
      byte[] der = keys.getCertificate(ALIAS).getEncoded();
      String body = Base64.getMimeEncoder(64, new byte[] {'\n'}).encodeToString(der);
      return "-----BEGIN CERTIFICATE-----\n" + body + "\n-----END CERTIFICATE-----\n";
    } catch (GeneralSecurityException e) {
      throw new Refusal("cannot read the agents' certificate: " + e.getMessage());
    }
  }
}
