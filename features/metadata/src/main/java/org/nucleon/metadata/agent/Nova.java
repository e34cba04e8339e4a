package org.nucleon.metadata.agent;

import java.io.IOException;
import java.io.InterruptedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.net.http.HttpTimeoutException;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.time.Duration;
import java.util.HexFormat;
import java.util.concurrent.atomic.AtomicBoolean;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.nucleon.core.net.IpAddress;

/**
 * Nova's metadata API behind its {@code service_metadata_proxy}: it believes who asks because the
 * instance's id is signed with a secret that it shares with us.
 */
final class Nova {
  private static final System.Logger LOG = System.getLogger("nucleon.metadata");
  private static final String SIGNATURE = "HmacSHA256";

  /** More than user data and vendor data may have in Nova. */
  private static final long MAX_CONTENT = 4 << 20;

  private final URI root;
  private final HttpClient client;
  private final Duration patience;
  private final SecretKeySpec secret;
  private final AtomicBoolean away = new AtomicBoolean();

  /**
   * Nova at an address.
   *
   * @param root scheme, host and port
   * @param client speaks to it
   * @param secret what it knows as {@code metadata_proxy_shared_secret}
   * @param patience how long it may take to answer
   */
  Nova(URI root, HttpClient client, String secret, Duration patience) {
    this.root = root;
    this.client = client;
    this.patience = patience;
    // Zeros at its end do not change what a key of HMAC signs (RFC 2104), and Java wants some key.
    byte[] key = (secret.isEmpty() ? "\0" : secret).getBytes(StandardCharsets.UTF_8);
    this.secret = new SecretKeySpec(key, SIGNATURE);
  }

  /** Passes a guest's request on; what goes wrong with Nova becomes an answer of our own. */
  Answer ask(GuestRequest request, Guest guest, IpAddress source) throws RefusedRequest {
    HttpRequest asked = asked(request, guest, source);
    try {
      HttpResponse<byte[]> response =
          client.send(asked, BodyHandlers.limiting(BodyHandlers.ofByteArray(), MAX_CONTENT));
      if (away.getAndSet(false)) {
        LOG.log(System.Logger.Level.INFO, "Nova's metadata service at {0} is back", root);
      }
      return answer(response);
    } catch (HttpTimeoutException e) {
      return without(e, 504);
    } catch (IOException e) {
      return without(e, 503);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return without(new InterruptedIOException(), 503);
    }
  }

  private HttpRequest asked(GuestRequest request, Guest guest, IpAddress source)
      throws RefusedRequest {
    try {
      HttpRequest.Builder asked =
          HttpRequest.newBuilder(URI.create(root + request.target()))
              .timeout(patience)
              .method(
                  request.method(),
                  request.content().length == 0
                      ? BodyPublishers.noBody()
                      : BodyPublishers.ofByteArray(request.content()));
      request.headers().forEach(asked::setHeader);
      return asked
          .setHeader("X-Forwarded-For", source.toString())
          .setHeader("X-Instance-ID", guest.instance())
          .setHeader("X-Tenant-ID", guest.project())
          .setHeader("X-Instance-ID-Signature", signature(guest.instance()))
          .build();
    } catch (IllegalArgumentException e) {
      throw new RefusedRequest(400, "not a target");
    }
  }

  /** The signature of an instance's id: HMAC-SHA256 in hexadecimal digits. */
  String signature(String instance) {
    try {
      Mac mac = Mac.getInstance(SIGNATURE);
      mac.init(secret);
      return HexFormat.of().formatHex(mac.doFinal(instance.getBytes(StandardCharsets.UTF_8)));
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException(e);
    }
  }

  /** What Nova says of its own trouble is not for guests. */
  private static Answer answer(HttpResponse<byte[]> response) {
    int status = response.statusCode();
    boolean forGuests = status >= 200 && status < 300 || status >= 400 && status < 500;
    if (!forGuests) {
      return Answer.of(status == 503 ? 503 : 502, "The metadata service has a problem.");
    }
    String type = response.headers().firstValue("content-type").orElse("text/plain");
    return new Answer(status, type, response.body());
  }

  private Answer without(IOException why, int status) {
    if (!away.getAndSet(true)) {
      LOG.log(
          System.Logger.Level.WARNING,
          "Nova''s metadata service at {0} does not answer: {1}",
          root,
          why.getMessage() == null ? why.getClass().getSimpleName() : why.getMessage());
    }
    return Answer.of(status, "The metadata service is not available.");
  }
}
