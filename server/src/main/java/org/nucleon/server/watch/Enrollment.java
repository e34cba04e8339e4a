package org.nucleon.server.watch;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.security.SecureRandom;
import java.util.Base64;
import java.util.HexFormat;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.nucleon.core.ApiException;

/**
 * Which hosts may connect: for each a file with the hash of its token, made by {@code nucleon
 * enroll} and removed to withdraw it. A token is {@code HOST:SECRET}, sent over TLS to the server
 * whose certificate was handed out with it.
 */
public final class Enrollment {

  private static final Pattern HOST = Pattern.compile("[A-Za-z0-9][A-Za-z0-9._-]{0,200}");

  private final Path folder;

  /** Keeps the hashes in a folder that only its owner can read. */
  public Enrollment(Path folder) throws IOException {
    this.folder = folder;
    Files.createDirectories(
        folder, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
  }

  /**
   * Makes a new token for a host; an older one no longer works.
   *
   * @throws IllegalArgumentException if the text is no host name
   */
  public String enroll(String host) throws IOException {
    if (!HOST.matcher(host).matches()) {
      throw new IllegalArgumentException("not a host name: " + host);
    }
    byte[] secret = new byte[32];
    new SecureRandom().nextBytes(secret);
    String token = host + ":" + Base64.getUrlEncoder().withoutPadding().encodeToString(secret);
    Path temporary = Files.createTempFile(folder, ".new", "");
    Files.writeString(temporary, hash(token));
    Files.move(temporary, folder.resolve(host), java.nio.file.StandardCopyOption.ATOMIC_MOVE);
    return token;
  }

  /** Withdraws a host's token; whether it had one. */
  public boolean withdraw(String host) throws IOException {
    return HOST.matcher(host).matches() && Files.deleteIfExists(folder.resolve(host));
  }

  /**
   * The host that a request comes from.
   *
   * @param authorization the header: {@code Bearer HOST:SECRET}
   * @throws ApiException 401 if it is no token of an enrolled host
   */
  String host(@Nullable String authorization) {
    if (authorization != null && authorization.startsWith("Bearer ")) {
      String token = authorization.substring("Bearer ".length()).strip();
      int colon = token.indexOf(':');
      String host = colon < 0 ? "" : token.substring(0, colon);
      if (HOST.matcher(host).matches() && matches(host, token)) {
        return host;
      }
    }
    throw new ApiException(401, "HTTPUnauthorized", "The token is not that of an enrolled host.");
  }

  /** Whether {@link #host} would still tell a host. */
  boolean admits(@Nullable String authorization) {
    try {
      return !host(authorization).isEmpty();
    } catch (ApiException e) {
      return false;
    }
  }

  private boolean matches(String host, String token) {
    try {
      byte[] expected = Files.readAllBytes(folder.resolve(host));
      return MessageDigest.isEqual(expected, hash(token).getBytes(StandardCharsets.US_ASCII));
    } catch (IOException e) {
      return false; // not enrolled, or withdrawn
    }
  }

  private static String hash(String token) {
    try {
      return HexFormat.of()
          .formatHex(
              MessageDigest.getInstance("SHA-256").digest(token.getBytes(StandardCharsets.UTF_8)));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e); // every JDK has it
    }
  }
}
