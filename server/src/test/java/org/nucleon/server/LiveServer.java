package org.nucleon.server;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.nucleon.core.feature.Feature;
import org.nucleon.core.feature.ServerFeature;
import org.nucleon.core.json.Json;
import org.nucleon.core.json.MalformedJson;
import org.nucleon.core.transaction.Store;
import org.nucleon.core.transaction.StoreException;
import org.nucleon.server.config.IniConfiguration;
import org.nucleon.server.plugin.Plugins;
import org.nucleon.store.ServerStore;
import org.nucleon.store.SqliteStore;

/** A server with every feature on a free port, over a database of its own; rules rehearse. */
public final class LiveServer implements AutoCloseable {

  /** The tag of tests of what only the ML2 backend does. */
  public static final String ML2 = "ml2";

  /** Set to true, servers here have another backend. */
  static final String FAKE_BACKEND = "nucleon.fake.backend";

  private final NucleonServer server;
  private final String base;
  private final HttpClient client = HttpClient.newHttpClient();

  private LiveServer(NucleonServer server, int port) {
    this.server = server;
    this.base = "http://127.0.0.1:" + port;
  }

  /** Starts one, with options as {@code [section] name = value}. */
  public static LiveServer start(Path folder, String... options) {
    return start(Plugins.none(), folder, options);
  }

  /** Starts one with plugins. */
  public static LiveServer start(Plugins plugins, Path folder, String... options) {
    IniConfiguration configuration =
        new IniConfiguration()
            .with("ml2", "mechanism_drivers", "")
            .with("ml2_type_flat", "flat_networks", "physnet1")
            .with("ml2_type_vlan", "network_vlan_ranges", "physnet1:100:102")
            .with("ml2_type_vxlan", "vni_ranges", "1:100000");
    for (int i = 0; i < options.length; i += 3) {
      configuration.with(options[i], options[i + 1], options[i + 2]);
    }
    try {
      NucleonServer server =
          new NucleonServer(
              features(plugins, configuration), plugins, configuration, store(folder), true);
      InetAddress loopback = InetAddress.ofLiteral("127.0.0.1");
      return new LiveServer(server, server.serveApi(new InetSocketAddress(loopback, 0)));
    } catch (StoreException | IOException e) {
      throw new IllegalStateException(e);
    }
  }

  /** In the embedded database, or a server's where a test asks for it: one for each folder. */
  private static Store store(Path folder) throws StoreException {
    TestDatabase database = TestDatabase.inUse;
    return database == null
        ? SqliteStore.open(folder)
        : ServerStore.open(database.of(folder), Duration.ofSeconds(30));
  }

  /** With the fake backend in place of ML2 and Open vSwitch, where a test asks for it. */
  private static Features features(Plugins plugins, IniConfiguration configuration) {
    if (!Boolean.getBoolean(FAKE_BACKEND)) {
      return Features.load(plugins, configuration);
    }
    FakeBackend backend = new FakeBackend();
    configuration.with("DEFAULT", "core_plugin", backend.name());
    List<Feature> declarations = new ArrayList<>(plugins.providers(Feature.class));
    List<ServerFeature> servers = new ArrayList<>(plugins.providers(ServerFeature.class));
    declarations.add(backend);
    servers.add(backend);
    return Features.of(CorePlugin.of(configuration).partsOf(declarations), servers);
  }

  /** The server itself. */
  public NucleonServer server() {
    return server;
  }

  /** Scheme, address and port. */
  public String base() {
    return base;
  }

  /** One request's answer; JSON null where there is no body. */
  public record Reply(int status, Object json, Map<String, List<String>> headers) {

    /** What is at the path of names and indexes. */
    public Object at(Object... path) {
      Object value = json;
      for (Object step : path) {
        value =
            step instanceof Integer index
                ? ((List<?>) value).get(index)
                : ((Map<?, ?>) value).get(step);
      }
      return value;
    }

    /** The exception name of a refusal. */
    public String type() {
      return json instanceof Map<?, ?> map && map.get("NeutronError") instanceof Map<?, ?> error
          ? String.valueOf(error.get("type"))
          : "no NeutronError";
    }

    /** The message of a refusal. */
    public String message() {
      return json instanceof Map<?, ?> map && map.get("NeutronError") instanceof Map<?, ?> error
          ? String.valueOf(error.get("message"))
          : "no NeutronError: " + json;
    }
  }

  /** Sends a request with a body of JSON text, empty for none; headers in pairs. */
  public Reply send(String method, String path, String body, String... headers) {
    HttpRequest.Builder request =
        HttpRequest.newBuilder(URI.create(base + path))
            .method(
                method, body.isEmpty() ? BodyPublishers.noBody() : BodyPublishers.ofString(body));
    if (!body.isEmpty() && !List.of(headers).contains("Content-Type")) {
      request.header("Content-Type", "application/json");
    }
    for (int i = 0; i < headers.length; i += 2) {
      request.header(headers[i], headers[i + 1]);
    }
    try {
      HttpResponse<byte[]> answer =
          client.send(request.build(), HttpResponse.BodyHandlers.ofByteArray());
      Object json = answer.body().length == 0 ? null : Json.parse(answer.body());
      return new Reply(answer.statusCode(), json, answer.headers().map());
    } catch (MalformedJson e) {
      throw new AssertionError(method + " " + path + " answered something else than JSON", e);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
  }

  /** GET below {@code /v2.0}. */
  public Reply get(String path, String... headers) {
    return send("GET", "/v2.0" + path, "", headers);
  }

  /** POST below {@code /v2.0}. */
  public Reply post(String path, Object body, String... headers) {
    return send("POST", "/v2.0" + path, Json.text(body), headers);
  }

  /** PUT below {@code /v2.0}. */
  public Reply put(String path, Object body, String... headers) {
    return send("PUT", "/v2.0" + path, Json.text(body), headers);
  }

  /** DELETE below {@code /v2.0}. */
  public Reply delete(String path, String... headers) {
    return send("DELETE", "/v2.0" + path, "", headers);
  }

  /** Makes a resource that must come into being; its id. */
  public String create(String path, String type, Map<String, ?> values, String... headers) {
    Reply reply = post(path, Map.of(type, values), headers);
    if (reply.status() != 201) {
      throw new AssertionError("POST " + path + " " + values + ": " + reply);
    }
    return (String) reply.at(type, "id");
  }

  /** A network of that name. */
  public String network(String name) {
    return create("/networks", "network", Map.of("name", name));
  }

  /** An IPv4 subnet. */
  public String subnet(String network, String cidr) {
    return create(
        "/subnets", "subnet", Map.of("network_id", network, "ip_version", 4, "cidr", cidr));
  }

  /** A port, with more attributes in pairs. */
  public String port(String network, Object... pairs) {
    Map<String, Object> values = new LinkedHashMap<>(Map.of("network_id", network));
    for (int i = 0; i < pairs.length; i += 2) {
      values.put((String) pairs[i], pairs[i + 1]);
    }
    return create("/ports", "port", values);
  }

  /** The values of one attribute in a list. */
  public static List<Object> column(Reply list, String collection, String attribute) {
    List<Object> values = new ArrayList<>();
    for (Object item : (List<?>) list.at(collection)) {
      values.add(((Map<?, ?>) item).get(attribute));
    }
    return values;
  }

  @Override
  public void close() {
    client.close();
    server.close();
  }
}
