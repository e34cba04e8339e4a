package org.nucleon.server.http;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.Executors;
import javax.net.ssl.SSLContext;
import org.eclipse.jetty.http.HttpField;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.http.UriCompliance;
import org.eclipse.jetty.io.Content;
import org.eclipse.jetty.server.Handler;
import org.eclipse.jetty.server.HttpConfiguration;
import org.eclipse.jetty.server.HttpConnectionFactory;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.server.SecureRequestCustomizer;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.server.ServerConnector;
import org.eclipse.jetty.server.SslConnectionFactory;
import org.eclipse.jetty.util.Callback;
import org.eclipse.jetty.util.Fields;
import org.eclipse.jetty.util.UrlEncoded;
import org.eclipse.jetty.util.ssl.SslContextFactory;
import org.eclipse.jetty.util.thread.QueuedThreadPool;
import org.jspecify.annotations.Nullable;
import org.nucleon.core.ApiException;

/** Jetty in front of an {@link Endpoint}: limits, request ids and error bodies are made here. */
public final class HttpListener implements AutoCloseable {

  private static final System.Logger LOG = System.getLogger("nucleon.http");
  private static final int MAX_REFUSED_BODIES = 16;
  private static final int MAX_HEADER_BYTES = 32 << 10;
  private static final int IDLE_MILLISECONDS = 75_000;

  private final Server server;
  private final ServerConnector connector;

  /**
   * Listens and answers.
   *
   * @param tls null for plain HTTP
   * @param maxBody the largest body of a request, bytes
   * @throws IOException if the address cannot be listened on
   */
  public HttpListener(
      InetSocketAddress address, @Nullable SSLContext tls, int maxBody, Endpoint endpoint)
      throws IOException {
    QueuedThreadPool threads = new QueuedThreadPool(16, 2);
    threads.setName("http");
    threads.setDaemon(true);
    threads.setVirtualThreadsExecutor(Executors.newVirtualThreadPerTaskExecutor());
    server = new Server(threads);
    HttpConfiguration configuration = new HttpConfiguration();
    configuration.setSendServerVersion(false);
    configuration.setSendDateHeader(true);
    configuration.setRequestHeaderSize(MAX_HEADER_BYTES);
    // Any path is ours to refuse, once its body is read: Jetty would hang up on who still sends it.
    configuration.setUriCompliance(UriCompliance.UNSAFE);
    HttpConnectionFactory http = new HttpConnectionFactory(configuration);
    if (tls == null) {
      connector = new ServerConnector(server, 1, 1, http);
    } else {
      // Clients pin the certificate; by which name or address they reach us says nothing.
      configuration.addCustomizer(new SecureRequestCustomizer(false));
      SslContextFactory.Server ssl = new SslContextFactory.Server();
      ssl.setSslContext(tls);
      connector =
          new ServerConnector(
              server, 1, 1, new SslConnectionFactory(ssl, http.getProtocol()), http);
    }
    connector.setHost(address.getHostString());
    connector.setPort(address.getPort());
    connector.setIdleTimeout(IDLE_MILLISECONDS);
    connector.setAcceptQueueSize(1_024);
    server.addConnector(connector);
    server.setHandler(new Adapter(endpoint, maxBody));
    server.setErrorHandler(HttpListener::protocolError);
    try {
      server.start();
    } catch (IOException e) {
      throw e;
    } catch (Exception e) {
      throw new IOException(e);
    }
  }

  /** The port that is listened on. */
  public int port() {
    return connector.getLocalPort();
  }

  private static boolean protocolError(
      org.eclipse.jetty.server.Request request, Response response, Callback callback) {
    Object code = request.getAttribute("org.eclipse.jetty.server.error_status");
    int status = code instanceof Integer number ? number : response.getStatus();
    LOG.log(
        System.Logger.Level.DEBUG,
        "status {0}: {1}",
        status,
        request.getAttribute("org.eclipse.jetty.server.error_exception"));
    send(
        response,
        Answer.error(status, "HTTPBadRequest", "The request is not valid HTTP."),
        "req-" + UUID.randomUUID(),
        callback);
    return true;
  }

  private static final class Adapter extends Handler.Abstract {
    private final Endpoint endpoint;
    private final int maxBody;

    Adapter(Endpoint endpoint, int maxBody) {
      this.endpoint = endpoint;
      this.maxBody = maxBody;
    }

    @Override
    public boolean handle(
        org.eclipse.jetty.server.Request request, Response response, Callback callback) {
      String id = "req-" + UUID.randomUUID();
      Answer answer;
      try {
        answer = endpoint.answer(read(request, id));
      } catch (ApiException e) {
        answer = Answer.error(e);
      } catch (IOException e) {
        callback.failed(e);
        return true;
      } catch (RuntimeException | Error e) {
        LOG.log(
            System.Logger.Level.ERROR,
            () -> id + " " + request.getMethod() + " " + request.getHttpURI().getPath(),
            e);
        answer =
            Answer.error(
                500,
                "HTTPInternalServerError",
                "Request Failed: internal server error while processing your request.");
      }
      send(response, answer, id, callback);
      return true;
    }

    private Request read(org.eclipse.jetty.server.Request request, String id) throws IOException {
      Map<String, List<String>> headers = new LinkedHashMap<>();
      for (HttpField field : request.getHeaders()) {
        headers
            .computeIfAbsent(field.getName().toLowerCase(Locale.ROOT), n -> new ArrayList<>())
            .add(field.getValue() == null ? "" : field.getValue());
      }
      byte[] body = body(request); // before anything is refused: its sender would not read that
      String path = request.getHttpURI().getDecodedPath();
      return new Request(
          request.getMethod(),
          path == null ? "/" : path,
          query(request),
          headers,
          body,
          request.getHttpURI().getScheme() + "://" + request.getHttpURI().getAuthority(),
          id);
    }

    private static Map<String, List<String>> query(org.eclipse.jetty.server.Request request) {
      Map<String, List<String>> query = new LinkedHashMap<>();
      String raw = request.getHttpURI().getQuery();
      if (raw != null) {
        Fields fields = new Fields(true);
        try {
          UrlEncoded.decodeUtf8To(raw, fields);
        } catch (IllegalArgumentException | IllegalStateException e) {
          throw ApiException.badRequest("HTTPBadRequest", "The query is not valid UTF-8.");
        }
        fields.forEach(field -> query.put(field.getName(), List.copyOf(field.getValues())));
      }
      return query;
    }

    private byte[] body(org.eclipse.jetty.server.Request request) throws IOException {
      if (request.getLength() == 0) {
        return new byte[0];
      }
      try (InputStream in = Content.Source.asInputStream(request)) {
        byte[] body = in.readNBytes(maxBody + 1);
        if (body.length > maxBody) {
          // A client that is still sending would never read the refusal.
          in.skip(MAX_REFUSED_BODIES * (long) maxBody);
          throw tooLarge();
        }
        return body;
      }
    }

    private ApiException tooLarge() {
      return new ApiException(
          413, "HTTPRequestEntityTooLarge", "The body exceeds " + maxBody + " bytes.");
    }
  }

  private static void send(Response response, Answer answer, String id, Callback callback) {
    response.setStatus(answer.status());
    response.getHeaders().put("X-Openstack-Request-Id", id);
    answer.headers().forEach((name, value) -> response.getHeaders().put(name, value));
    Answer.Stream stream = answer.stream();
    if (stream != null) {
      response.getHeaders().put(HttpHeader.CONTENT_TYPE, "application/json");
      try (OutputStream out = Content.Sink.asOutputStream(response)) {
        stream.writeTo(out);
        callback.succeeded();
      } catch (IOException | RuntimeException e) {
        callback.failed(e);
      }
      return;
    }
    if (answer.status() == 503) {
      response.getHeaders().put(HttpHeader.RETRY_AFTER, "1");
    }
    if (answer.body().length > 0) {
      response.getHeaders().put(HttpHeader.CONTENT_TYPE, "application/json");
    }
    response.write(true, ByteBuffer.wrap(answer.body()), callback);
  }

  @Override
  public void close() {
    try {
      server.stop();
    } catch (Exception e) {
      LOG.log(System.Logger.Level.WARNING, "stopping the listener", e);
    }
  }
}
