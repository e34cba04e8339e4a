package org.nucleon.metadata.agent;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** What guests may send, as a table. */
class GuestRequestTest {

  private final ByteArrayOutputStream told = new ByteArrayOutputStream();

  private GuestRequest read(String text) throws Exception {
    return GuestRequest.read(
        new ByteArrayInputStream(text.getBytes(StandardCharsets.ISO_8859_1)), told);
  }

  private int refused(String text) {
    try {
      read(text);
      return 0;
    } catch (RefusedRequest e) {
      return e.status();
    } catch (Exception e) {
      throw new AssertionError(text, e);
    }
  }

  @Test
  void whatIsAskedForIsPassedOn() throws Exception {
    GuestRequest request =
        read("GET /2009-04-04/meta-data/?a=b HTTP/1.1\r\nHost: x\r\nAccept: */*\r\n\r\n");
    assertThat(request.method()).isEqualTo("GET");
    assertThat(request.target()).isEqualTo("/2009-04-04/meta-data/?a=b");
    assertThat(request.headers()).isEqualTo(Map.of("accept", "*/*"));
    assertThat(request.content()).isEmpty();

    GuestRequest post =
        read(
            "\r\nPOST http://169.254.169.254/openstack/latest/password HTTP/1.0\nContent-Length: 3\n"
                + "Expect: 100-Continue\n\nabcdef");
    assertThat(post.target()).isEqualTo("/openstack/latest/password");
    assertThat(post.content()).isEqualTo("abc".getBytes(StandardCharsets.UTF_8));
    assertThat(told.toString(StandardCharsets.UTF_8)).startsWith("HTTP/1.1 100 ");
  }

  @Test
  void nothingThatSaysWhoAsksIsPassedOn() throws Exception {
    for (String name :
        new String[] {
          "X-Forwarded-For",
          "X-Instance-ID",
          "x-instance-id",
          "X-INSTANCE-ID-SIGNATURE",
          "X-Tenant-ID",
          "X_Tenant_ID",
          "X-Metadata-Provider",
          "X-Metadata-Provider-Signature",
          "Forwarded",
          "X-Neutron-Network-ID",
          "Host",
          "Connection",
          "Authorization"
        }) {
      String forged = name + ": forged\r\n";
      assertThat(read("GET / HTTP/1.1\r\n" + forged + forged + "\r\n").headers())
          .as(name)
          .isEmpty();
    }
  }

  @Test
  void whatIsNoRequestIsRefused() {
    String get = "GET / HTTP/1.1\r\n";
    assertThat(refused("hello\r\n\r\n")).isEqualTo(400);
    assertThat(refused("GET  / HTTP/1.1\r\n\r\n")).isEqualTo(400);
    assertThat(refused("GET nova/ HTTP/1.1\r\n\r\n")).isEqualTo(400);
    assertThat(refused("GET //\u00e9 HTTP/1.1\r\n\r\n")).isEqualTo(400);
    assertThat(refused("GET / HTTP/2.0\r\n\r\n")).isEqualTo(400);
    assertThat(refused("BREW / HTTP/1.1\r\n\r\n")).isEqualTo(501);
    assertThat(refused(get + "no header\r\n\r\n")).isEqualTo(400);
    assertThat(refused(get + "a: b\r\n  X-Instance-ID: folded\r\n\r\n")).isEqualTo(400);
    assertThat(refused(get + "X-Instance-ID : spaced\r\n\r\n")).isEqualTo(400);
    assertThat(refused(get + "a: b\u0000\r\n\r\n")).isEqualTo(400);
    assertThat(refused(get + "Content-Length: -1\r\n\r\n")).isEqualTo(400);
    assertThat(refused(get + "Content-Length: 99999999999\r\n\r\n")).isEqualTo(400);
    assertThat(refused(get + "Content-Length: 1\r\nContent-Length: 2\r\n\r\nab")).isEqualTo(400);
    assertThat(refused(get + "Transfer-Encoding: chunked\r\n\r\n0\r\n\r\n")).isEqualTo(411);
  }

  @Test
  void whatIsTooLongIsRefusedBeforeItIsRead() {
    String endless = "a".repeat(GuestRequest.MAX_HEAD + 1);
    assertThat(refused(endless)).isEqualTo(431);
    assertThat(refused("GET / HTTP/1.1\r\nx: " + endless)).isEqualTo(431);
    assertThat(refused("PUT / HTTP/1.1\r\nContent-Length: 65537\r\n\r\n")).isEqualTo(413);
    assertThat(refused("PUT / HTTP/1.1\r\nContent-Length: 65536\r\n\r\n" + "a".repeat(65_536)))
        .isZero();
  }

  @Test
  void whatEndsTooEarlyIsNoRequest() {
    for (String text :
        new String[] {"", "GET / HTTP/1.1\r\n", "PUT / HTTP/1.1\r\nContent-Length: 2\r\n\r\na"}) {
      assertThatThrownBy(() -> read(text)).isInstanceOf(EOFException.class);
    }
  }
}
