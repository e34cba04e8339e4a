package org.nucleon.server.identity;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.SecureRandom;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import org.nucleon.core.json.Json;
import org.nucleon.core.json.MalformedJson;

/** A real Keystone over a database of its own on a free port, with its administrator. */
public final class KeystoneServer implements AutoCloseable {

  /** The password of every user here. */
  public static final String PASSWORD = "s3cret;'\"%";

  private final Path folder;
  private final int port;
  private Process process;
  private String adminToken;

  private KeystoneServer(Path folder, int port) {
    this.folder = folder;
    this.port = port;
  }

  /** Makes and starts one: some five seconds. */
  public static KeystoneServer start(Path folder) throws Exception {
    int port;
    try (ServerSocket free = new ServerSocket(0)) {
      port = free.getLocalPort();
    }
    KeystoneServer keystone = new KeystoneServer(folder, port);
    Files.writeString(
        folder.resolve("keystone.conf"),
        """
        [DEFAULT]
        log_file = %1$s/keystone.log
        [database]
        connection = sqlite:///%1$s/keystone.db
        [fernet_tokens]
        key_repository = %1$s/fernet
        [fernet_receipts]
        key_repository = %1$s/receipts
        [credential]
        key_repository = %1$s/credential
        [cache]
        enabled = false
        """
            .formatted(folder));
    for (String keys : List.of("fernet", "receipts", "credential")) {
      keystone.makeKeys(keys);
    }
    keystone.manage("db_sync");
    // Keystone leaves readers open on SQLite, which would keep its own writes waiting.
    try (Connection database =
            DriverManager.getConnection("jdbc:sqlite:" + folder.resolve("keystone.db"));
        Statement statement = database.createStatement()) {
      statement.execute("PRAGMA journal_mode = WAL");
    }
    keystone.manage(
        "bootstrap",
        "--bootstrap-password",
        PASSWORD,
        "--bootstrap-public-url",
        keystone.url(),
        "--bootstrap-internal-url",
        keystone.url(),
        "--bootstrap-region-id",
        "RegionOne");
    keystone.run();
    return keystone;
  }

  private void makeKeys(String name) throws IOException {
    Path keys =
        Files.createDirectory(
            folder.resolve(name),
            PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
    byte[] key = new byte[32];
    new SecureRandom().nextBytes(key);
    String text = Base64.getUrlEncoder().encodeToString(key);
    Files.writeString(keys.resolve("0"), text);
    Files.writeString(keys.resolve("1"), text);
  }

  private void manage(String... arguments) throws IOException, InterruptedException {
    List<String> command =
        new ArrayList<>(
            List.of(
                "keystone-manage", "--config-file", folder.resolve("keystone.conf").toString()));
    command.addAll(List.of(arguments));
    Path said = folder.resolve("manage.log");
    Process run =
        new ProcessBuilder(command)
            .redirectErrorStream(true)
            .redirectOutput(ProcessBuilder.Redirect.appendTo(said.toFile()))
            .start();
    if (run.waitFor() != 0) {
      throw new IOException(command + ": " + Files.readString(said));
    }
  }

  /** Starts it again after {@link #stop}. */
  public void run() throws IOException, InterruptedException {
    ProcessBuilder start =
        new ProcessBuilder(
                "keystone-wsgi-public",
                "--host",
                "127.0.0.1",
                "--port",
                Integer.toString(port),
                "--",
                "--config-file",
                folder.resolve("keystone.conf").toString())
            .redirectErrorStream(true)
            .redirectOutput(folder.resolve("wsgi.log").toFile());
    start.environment().put("OS_KEYSTONE_CONFIG_DIR", folder.toString());
    process = start.start();
    long end = System.nanoTime() + 60_000_000_000L;
    while (!answers()) {
      if (!process.isAlive() || System.nanoTime() > end) {
        throw new IOException("keystone: " + Files.readString(folder.resolve("wsgi.log")));
      }
      Thread.onSpinWait();
    }
  }

  private boolean answers() throws InterruptedException {
    try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
      return socket.isConnected();
    } catch (IOException e) {
      process.waitFor(50, java.util.concurrent.TimeUnit.MILLISECONDS);
      return false;
    }
  }

  /** Ends it; its database stays. */
  public void stop() throws InterruptedException {
    process.destroyForcibly().waitFor();
  }

  /** Its address, {@code /v3} included. */
  public String url() {
    return "http://127.0.0.1:" + port + "/v3";
  }

  /** Options by which a server finds it, in threes of section, name and value. */
  public String[] options() {
    return new String[] {
      "keystone_authtoken", "auth_url", url(),
      "keystone_authtoken", "username", "admin",
      "keystone_authtoken", "password", PASSWORD,
      "keystone_authtoken", "project_name", "admin",
      "keystone_authtoken", "user_domain_id", "default",
      "keystone_authtoken", "project_domain_id", "default",
      // on a busy machine it is slow, which is not what these tests are about
      "keystone_authtoken", "http_connect_timeout", "60"
    };
  }

  /** A token of a user in a project. */
  public String token(String user, String project) throws Exception {
    Map<String, Object> domain = Map.of("id", "default");
    HttpResponse<byte[]> answer =
        send(
            HttpRequest.newBuilder(URI.create(url() + "/auth/tokens"))
                .header("Content-Type", "application/json")
                .POST(
                    BodyPublishers.ofByteArray(
                        Json.bytes(
                            Map.of(
                                "auth",
                                Map.of(
                                    "identity",
                                    Map.of(
                                        "methods",
                                        List.of("password"),
                                        "password",
                                        Map.of(
                                            "user",
                                            Map.of(
                                                "name", user,
                                                "domain", domain,
                                                "password", PASSWORD))),
                                    "scope",
                                    Map.of(
                                        "project", Map.of("name", project, "domain", domain)))))))
                .build());
    return answer.headers().firstValue("X-Subject-Token").orElseThrow();
  }

  /** Makes a project; its id. */
  public String project(String name) throws Exception {
    return id(admin("POST", "/projects", Map.of("project", Map.of("name", name))), "project");
  }

  /** Makes a user with a role in a project. */
  public void user(String name, String project, String role) throws Exception {
    String user =
        id(
            admin(
                "POST",
                "/users",
                Map.of("user", Map.of("name", name, "password", PASSWORD, "domain_id", "default"))),
            "user");
    Map<?, ?> roles = (Map<?, ?>) admin("GET", "/roles?name=" + role, Map.of());
    List<?> found = (List<?>) roles.get("roles");
    String roleId =
        found.isEmpty()
            ? id(admin("POST", "/roles", Map.of("role", Map.of("name", role))), "role")
            : (String) ((Map<?, ?>) found.getFirst()).get("id");
    admin("PUT", "/projects/" + project + "/users/" + user + "/roles/" + roleId, Map.of());
  }

  /** Names the address of a service in the catalog. */
  public void endpoint(String type, String url) throws Exception {
    String service =
        id(
            admin("POST", "/services", Map.of("service", Map.of("type", type, "name", type))),
            "service");
    for (String face : List.of("public", "internal", "admin")) {
      admin(
          "POST",
          "/endpoints",
          Map.of(
              "endpoint",
              Map.of("service_id", service, "interface", face, "url", url, "region", "RegionOne")));
    }
  }

  private static String id(Object json, String wrapper) {
    return (String) ((Map<?, ?>) ((Map<?, ?>) json).get(wrapper)).get("id");
  }

  private Object admin(String method, String path, Object body) throws Exception {
    if (adminToken == null) {
      adminToken = token("admin", "admin");
    }
    HttpResponse<byte[]> answer =
        send(
            HttpRequest.newBuilder(URI.create(url() + path))
                .header("X-Auth-Token", adminToken)
                .header("Content-Type", "application/json")
                .method(
                    method,
                    method.equals("POST")
                        ? BodyPublishers.ofByteArray(Json.bytes(body))
                        : BodyPublishers.noBody())
                .build());
    if (answer.statusCode() >= 300) {
      throw new IOException(
          method + " " + path + ": " + Files.readString(folder.resolve("wsgi.log")));
    }
    try {
      return answer.body().length == 0 ? Map.of() : Json.parse(answer.body());
    } catch (MalformedJson e) {
      throw new IOException(e);
    }
  }

  @Override
  public void close() {
    process.destroyForcibly();
  }

  /** On a connection of its own: the server closes those that it has answered on. */
  private static HttpResponse<byte[]> send(HttpRequest request) throws Exception {
    try (HttpClient http = HttpClient.newHttpClient()) {
      return http.send(request, BodyHandlers.ofByteArray());
    }
  }
}
