package org.nucleon.bench;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.cert.X509Certificate;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.TrustManager;
import javax.net.ssl.X509TrustManager;
import org.jspecify.annotations.Nullable;
import org.nucleon.core.feature.AgentDescription;
import org.nucleon.core.json.Json;
import org.nucleon.core.net.IpAddress;
import org.nucleon.openvswitch.api.FirewallDriver;
import org.nucleon.openvswitch.api.SwitchAgent;

/** A host that watches and does nothing about it: docs/watch.md has the protocol. */
final class SimulatedHost {

  private static final Pattern PORT = Pattern.compile("\"type\":\"port\"");

  /** The server is on this machine: whoever answers there is believed. */
  private static final class Believing implements X509TrustManager {
    @Override
    public void checkClientTrusted(X509Certificate[] chain, String type) {}

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String type) {}

    @Override
    public X509Certificate[] getAcceptedIssuers() {
      return new X509Certificate[0];
    }
  }

  private record Expected(String mark, CountDownLatch known) {}

  private final String name;
  private final String token;
  private final int port;
  private final AgentDescription agent;
  private volatile @Nullable SSLSocket socket;
  private volatile @Nullable Expected expected;
  private volatile long firstHeard;
  private volatile long heard;
  private volatile String heardMark = "";
  private final AtomicInteger ports = new AtomicInteger();
  private @Nullable Thread reader;

  SimulatedHost(String name, String token, int port, int number) {
    this.name = name;
    this.token = token;
    this.port = port;
    IpAddress end = IpAddress.parse("10.99.0.0").plus(number + 1L);
    this.agent =
        new SwitchAgent(
                Map.of(), Set.of("vxlan"), end, "netdev", "br-int", FirewallDriver.OPENVSWITCH)
            .description();
  }

  /** Begins to watch; the latch is told of the first update. */
  void connect(CountDownLatch begun) {
    ports.set(0);
    firstHeard = 0;
    reader = Thread.ofVirtual().name(name).start(() -> watch(begun));
  }

  private void watch(CountDownLatch begun) {
    try (SSLSocket open = open()) {
      socket = open;
      byte[] body = Json.bytes(Map.of("protocol", 1, "agents", List.of(json()), "have", Map.of()));
      open.getOutputStream()
          .write(
              ("POST /watch HTTP/1.1\r\nHost: 127.0.0.1\r\nAuthorization: Bearer "
                      + token
                      + "\r\nContent-Type: application/json\r\nContent-Length: "
                      + body.length
                      + "\r\n\r\n")
                  .getBytes(StandardCharsets.US_ASCII));
      open.getOutputStream().write(body);
      BufferedReader lines =
          new BufferedReader(
              new InputStreamReader(open.getInputStream(), StandardCharsets.UTF_8), 1 << 14);
      for (String line = lines.readLine(); line != null; line = lines.readLine()) {
        if (line.startsWith("{")) {
          take(line, begun);
        } else if (line.startsWith("HTTP/1.1 ") && !line.startsWith("HTTP/1.1 200")) {
          throw new IllegalStateException(name + " is refused: " + line);
        }
      }
    } catch (IOException e) {
      // the bench has ended the watch
    }
  }

  private static SSLSocket open(int port) throws IOException, GeneralSecurityException {
    SSLContext context = SSLContext.getInstance("TLSv1.3");
    context.init(null, new TrustManager[] {new Believing()}, null);
    return (SSLSocket) context.getSocketFactory().createSocket("127.0.0.1", port);
  }

  private SSLSocket open() throws IOException {
    try {
      return open(port);
    } catch (GeneralSecurityException e) {
      throw new IOException(e);
    }
  }

  private Map<String, Object> json() {
    return Map.of(
        "role", agent.role(),
        "agent_type", agent.type(),
        "binary", agent.binary(),
        "topic", agent.topic(),
        "configurations", agent.configurations());
  }

  private void take(String line, CountDownLatch begun) {
    Matcher found = PORT.matcher(line);
    int count = 0;
    while (found.find()) {
      count++;
    }
    ports.addAndGet(count);
    if (firstHeard == 0) {
      firstHeard = System.nanoTime();
      begun.countDown();
    }
    Expected now = expected;
    if (now != null && line.contains(now.mark()) && !heardMark.equals(now.mark())) {
      heard = System.nanoTime();
      heardMark = now.mark();
      now.known().countDown();
    }
  }

  /** When the first update was here whole, {@link System#nanoTime}. */
  long firstHeard() {
    return firstHeard;
  }

  /** How many ports it has been told of. */
  int ports() {
    return ports.get();
  }

  /** The latch is to be told when an update with that text is here. */
  void expect(String mark, CountDownLatch known) {
    expected = new Expected(mark, known);
  }

  /** When it was, 0 if it was not. */
  long heardOf(String mark) {
    return heardMark.equals(mark) ? heard : 0;
  }

  /** Ends the watch. */
  void disconnect() throws InterruptedException {
    SSLSocket open = socket;
    Thread reading = reader;
    try {
      if (open != null) {
        open.close();
      }
    } catch (IOException e) {
      // it is closed all the same
    }
    if (reading != null) {
      reading.join();
    }
  }
}
