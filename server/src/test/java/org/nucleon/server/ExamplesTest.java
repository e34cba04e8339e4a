package org.nucleon.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.nucleon.server.LiveServer.Reply;
import org.nucleon.server.plugin.Plugins;

/**
 * The examples of plugins, built as a vendor builds them: by a Maven of their own, against what our
 * build has put into the local repository.
 */
final class ExamplesTest {

  private static final Path EXAMPLES = Path.of(System.getProperty("user.dir"), "..", "examples");

  @TempDir static Path built;
  @TempDir Path folder;

  @BeforeAll
  static void build() throws Exception {
    build("resource", "racks");
    build("mechanism-driver", "acme-driver");
    build("controller", "controller");
    build("core-plugin", "acme-core-plugin");
  }

  private static void build(String example, String jar) throws Exception {
    Path copy = built.resolve(example);
    try (Stream<Path> files = Files.walk(EXAMPLES.resolve(example))) {
      for (Path file : files.filter(f -> !f.toString().contains("target")).toList()) {
        Files.copy(
            file,
            copy.resolve(EXAMPLES.resolve(example).relativize(file)),
            StandardCopyOption.REPLACE_EXISTING);
      }
    }
    ProcessBuilder maven =
        new ProcessBuilder("mvn", "-o", "-q", "-B", "package")
            .directory(copy.toFile())
            .redirectErrorStream(true);
    maven.environment().put("JAVA_HOME", System.getProperty("java.home"));
    Process run = maven.start();
    String said = new String(run.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(run.waitFor())
        .as("%s; what it builds against is installed by ./nucleon test or mvn install", said)
        .isZero();
    Path plugins = Files.createDirectories(built.resolve("plugins"));
    Files.copy(copy.resolve("target/" + jar + ".jar"), plugins.resolve(jar + ".jar"));
  }

  private LiveServer start(String... options) throws IOException {
    return LiveServer.start(Plugins.in(built.resolve("plugins")), folder, options);
  }

  @Test
  void aResourceFromOutside() throws Exception {
    String rack;
    String port;
    try (LiveServer server = start()) {
      assertThat(server.get("/extensions/racks").status()).isEqualTo(200);
      rack = server.create("/racks", "rack", Map.of("name", "r1", "capacity", 2));
      String network = server.network("n");
      port = server.port(network, "rack_id", rack);
      server.port(network);
      assertThat(LiveServer.column(server.get("/ports?rack_id=" + rack), "ports", "id"))
          .containsExactly(port);
      Reply inUse = server.delete("/racks/" + rack);
      assertThat(inUse.status()).as("%s", inUse).isEqualTo(409);
      Object unknown = Map.of("port", Map.of("network_id", network, "rack_id", network));
      assertThat(server.post("/ports", unknown).type()).isEqualTo("RackNotFound");
      Object wrong = Map.of("rack", Map.of("capacity", 5_000));
      assertThat(server.post("/racks", wrong).message()).contains("capacity", "5000");
      String[] member = {"X-Project-Id", "p", "X-Roles", "member"};
      Object larger = Map.of("rack", Map.of("capacity", 3));
      assertThat(server.get("/racks/" + rack, member).status()).isEqualTo(200);
      assertThat(server.put("/racks/" + rack, larger, member).status()).isEqualTo(403);
      assertThat(server.get("/quotas/p").at("quota", "rack")).isEqualTo(20);
    }
    try (LiveServer without = LiveServer.start(folder)) {
      assertThat(without.server().engine().undeclared())
          .containsExactly("port.rack_id (2)", "rack (1)");
      assertThat(without.get("/racks").status()).isEqualTo(404);
      assertThat(((Map<?, ?>) without.get("/ports/" + port).at("port")).containsKey("rack_id"))
          .isFalse();
      Object renamed = Map.of("port", Map.of("name", "renamed without the plugin"));
      assertThat(without.put("/ports/" + port, renamed).status()).isEqualTo(200);
    }
    try (LiveServer server = start()) {
      assertThat(server.get("/ports/" + port).at("port", "rack_id")).isEqualTo(rack);
      assertThat(server.get("/racks/" + rack).at("rack", "name")).isEqualTo("r1");
      assertThat(server.server().engine().undeclared()).isEmpty();
    }
  }

  @Test
  void itsRulesHoldWhateverComesAtOnce() throws Exception {
    try (LiveServer server = start();
        ExecutorService threads = Executors.newFixedThreadPool(16)) {
      String rack = server.create("/racks", "rack", Map.of("capacity", 5));
      String network = server.network("n");
      Object port = Map.of("port", Map.of("network_id", network, "rack_id", rack));
      List<Future<Reply>> waiting = new ArrayList<>();
      Callable<Reply> create = () -> server.post("/ports", port);
      for (int i = 0; i < 32; i++) {
        waiting.add(threads.submit(create));
      }
      int made = 0;
      for (Future<Reply> reply : waiting) {
        assertThat(reply.get().status()).isIn(201, 409);
        made += reply.get().status() == 201 ? 1 : 0;
      }
      assertThat(made).isEqualTo(5);
    }
  }

  /** What the controller missed while it was away, it is told when it is back, in order. */
  @Test
  void aControllerFromOutside() throws Exception {
    BlockingQueue<String> told = new LinkedBlockingQueue<>();
    String network;
    String port;
    int free = freePort();
    String url = "http://127.0.0.1:" + free;
    try (LiveServer server = start("controller", "url", url)) {
      network = server.network("n");
      server.subnet(network, "10.0.0.0/24");
    }
    try (LiveServer server = start("controller", "url", url)) {
      port = server.port(network, "name", "p");
      HttpServer controller = controller(free, told);
      assertThat(next(told)).startsWith("PUT /networks/" + network);
      assertThat(next(told)).startsWith("PUT /subnets/").contains("10.0.0.0/24");
      String said = next(told);
      while (!said.startsWith("PUT /ports/")) { // a new subnet is a change of its network
        assertThat(said).startsWith("PUT /networks/" + network);
        said = next(told);
      }
      assertThat(said).contains(port, "10.0.0.2");
      controller.stop(0);
      server.delete("/ports/" + port);
      controller = controller(free, told);
      said = next(told);
      while (!said.startsWith("DELETE ")) {
        said = next(told);
      }
      assertThat(said).startsWith("DELETE /ports/" + port);
      controller.stop(0);
    }
  }

  private static String next(BlockingQueue<String> told) throws InterruptedException {
    String said = told.poll(30, TimeUnit.SECONDS);
    assertThat(said).as("the controller is told nothing").isNotNull();
    return said;
  }

  private static int freePort() throws IOException {
    try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.ofLiteral("127.0.0.1"))) {
      return socket.getLocalPort();
    }
  }

  private static HttpServer controller(int port, BlockingQueue<String> told) throws IOException {
    HttpServer http =
        HttpServer.create(new InetSocketAddress(InetAddress.ofLiteral("127.0.0.1"), port), 0);
    http.createContext(
        "/",
        exchange -> {
          String body =
              new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8);
          told.add(exchange.getRequestMethod() + " " + exchange.getRequestURI() + " " + body);
          exchange.sendResponseHeaders(204, -1);
          exchange.close();
        });
    http.start();
    return http;
  }

  @Test
  void aTypeDriverFromOutside() throws Exception {
    String[] options = {
      "ml2", "type_drivers", "vxlan,acme",
      "ml2", "tenant_network_types", "acme",
      "ml2", "mechanism_drivers", "acme",
      "ml2_acme", "hosts", "wired",
      "ml2_type_acme", "lanes", "3",
    };
    try (LiveServer server = start(options)) {
      Reply tenants = server.get("/networks/" + server.network("a"));
      assertThat(tenants.at("network", "provider:network_type")).isEqualTo("acme");
      assertThat(tenants.at("network", "provider:segmentation_id")).isEqualTo(1);
      assertThat(tenants.at("network", "mtu")).isEqualTo(9_000);
      Map<String, ?> third = Map.of("provider:network_type", "acme", "provider:segmentation_id", 3);
      String chosen = server.create("/networks", "network", third);
      assertThat(server.post("/networks", Map.of("network", third)).type()).isEqualTo("LaneInUse");
      String port = server.port(chosen, "binding:host_id", "wired");
      assertThat(server.get("/ports/" + port).at("port", "binding:vif_details", "lane"))
          .isEqualTo(3);
      server.network("b");
      assertThat(server.post("/networks", Map.of("network", Map.of())).status()).isEqualTo(503);
    }
    try (LiveServer server = start(options)) {
      assertThat(server.post("/networks", Map.of("network", Map.of())).status()).isEqualTo(503);
      String first = String.valueOf(server.get("/networks?name=a").at("networks", 0, "id"));
      server.delete("/networks/" + first);
      server.network("c");
    }
  }

  @Test
  void aMechanismDriverFromOutside() throws Exception {
    try (LiveServer server =
        start(
            "ml2",
            "mechanism_drivers",
            "acme",
            "ml2_acme",
            "hosts",
            "wired",
            "ml2_acme",
            "physical_network",
            "physnet1")) {
      String vlan =
          server.create(
              "/networks",
              "network",
              Map.of(
                  "provider:network_type", "vlan",
                  "provider:physical_network", "physnet1",
                  "provider:segmentation_id", 101));
      String bound = server.port(vlan, "binding:host_id", "wired");
      Reply port = server.get("/ports/" + bound);
      assertThat(port.at("port", "binding:vif_type")).isEqualTo("hw_veb");
      assertThat(port.at("port", "binding:vif_details", "vlan")).isEqualTo(101);
      String elsewhere = server.port(vlan, "binding:host_id", "other");
      assertThat(server.get("/ports/" + elsewhere).at("port", "binding:vif_type"))
          .isEqualTo("binding_failed");
      String overlay = server.port(server.network("vxlan"), "binding:host_id", "wired");
      assertThat(server.get("/ports/" + overlay).at("port", "binding:vif_type"))
          .isEqualTo("binding_failed");
    }
  }

  /** In place of ML2 and Open vSwitch, which are not there then; everything else is. */
  @Test
  void aCorePluginFromOutside() throws Exception {
    String port;
    String inner;
    try (LiveServer server = start("DEFAULT", "core_plugin", "acme")) {
      List<Object> extensions = LiveServer.column(server.get("/extensions"), "extensions", "alias");
      assertThat(extensions)
          .contains("binding", "router", "security-group", "net-mtu")
          .doesNotContain("provider", "multi-provider", "binding-extended", "vlan-transparent");
      assertThat((List<?>) server.get("/qos/rule-types").at("rule_types")).isEmpty();
      String network = server.network("n");
      Map<?, ?> shown = (Map<?, ?>) server.get("/networks/" + network).at("network");
      assertThat(shown.get("mtu")).isEqualTo(1500);
      assertThat(shown.containsKey("provider:network_type")).isFalse();
      String subnet = server.subnet(network, "10.0.0.0/24");
      String router = server.create("/routers", "router", Map.of("name", "r"));
      Object of = Map.of("subnet_id", subnet);
      inner = (String) server.put("/routers/" + router + "/add_router_interface", of).at("port_id");
      port = server.port(network);
      assertThat(server.get("/ports/" + port).at("port", "binding:vif_type")).isEqualTo("unbound");
      assertThat(server.get("/ports/" + port).at("port", "status")).isEqualTo("DOWN");
      Object onHost = Map.of("port", Map.of("binding:host_id", "h1"));
      assertThat(server.put("/ports/" + port, onHost).at("port", "status")).isEqualTo("ACTIVE");
      assertThat((List<?>) server.get("/ports/" + port).at("port", "security_groups")).hasSize(1);
    }
    try (LiveServer server = start("DEFAULT", "core_plugin", "acme")) {
      Reply bound = server.get("/ports/" + port);
      assertThat(bound.at("port", "binding:vif_type")).isEqualTo("acme");
      assertThat(bound.at("port", "binding:vif_details", "fabric")).isEqualTo("f1");
      assertThat(server.get("/ports/" + inner).at("port", "status")).isEqualTo("ACTIVE");
    }
    assertThatThrownBy(() -> LiveServer.start(folder, "DEFAULT", "core_plugin", "acme"))
        .hasMessage(
            "[DEFAULT] core_plugin: neither Nucleon nor a plugin offers a core plugin acme, only"
                + " [ml2]");
  }

  @Test
  void aCorePluginThatIsNotChosen() throws Exception {
    String neutrons = "neutron.plugins.ml2.plugin.Ml2Plugin";
    try (LiveServer server = start("DEFAULT", "core_plugin", neutrons)) {
      assertThat(server.get("/extensions/provider").status()).isEqualTo(200);
      String port = server.port(server.network("n"), "binding:host_id", "h1");
      assertThat(server.get("/ports/" + port).at("port", "binding:vif_type"))
          .isEqualTo("binding_failed");
    }
    assertThatThrownBy(() -> start("DEFAULT", "core_plugin", "other"))
        .hasMessageEndingWith("a core plugin other, only [acme, ml2]");
  }
}
