package org.nucleon.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.logging.Handler;
import java.util.logging.LogRecord;
import java.util.logging.Logger;
import java.util.logging.SimpleFormatter;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.ResourceLock;
import org.nucleon.core.Caller;
import org.nucleon.core.transaction.Engine;
import org.nucleon.network.api.Ports;
import org.nucleon.server.FakeNova.Answer;
import org.nucleon.server.FakeNova.Post;
import org.nucleon.server.config.IniConfiguration;
import org.nucleon.server.plugin.Plugins;

/** Nova is told what becomes of its servers' ports, whatever it answers and whoever restarts. */
@ResourceLock("what is logged of deliveries")
final class NovaTest {

  static final String INSTANCE = "c0ffee00-0000-4000-8000-000000000001";

  @TempDir Path folder;
  private FakeNova nova;
  private LiveServer server;
  private String network;
  private final Logs logs = new Logs();

  /** What the log says of deliveries. */
  private static final class Logs extends Handler {
    private final BlockingQueue<String> lines = new LinkedBlockingQueue<>();
    private final List<Logger> loggers =
        List.of(Logger.getLogger("nucleon.delivery"), Logger.getLogger("nucleon.nova"));

    void begin() {
      loggers.forEach(logger -> logger.addHandler(this));
    }

    String next() throws InterruptedException {
      return String.valueOf(lines.poll(60, TimeUnit.SECONDS));
    }

    @Override
    public void publish(LogRecord line) {
      lines.add(new SimpleFormatter().formatMessage(line));
    }

    @Override
    public void flush() {}

    @Override
    public void close() {
      loggers.forEach(logger -> logger.removeHandler(this));
    }
  }

  @BeforeEach
  void start() throws Exception {
    logs.begin();
    nova = new FakeNova();
    server = LiveServer.start(folder, nova.options());
    network = server.network("n");
  }

  @AfterEach
  void stop() {
    server.close();
    nova.close();
    logs.close();
  }

  static String port(LiveServer server, String network) {
    return server.port(network, "device_id", INSTANCE, "device_owner", "compute:nova");
  }

  static void becomes(LiveServer server, String port, String status) {
    Engine engine = server.server().engine();
    engine.awaitNewest();
    engine.write(
        Caller.SYSTEM,
        tx ->
            tx.update(
                tx.get(Ports.PORT, UUID.fromString(port)),
                draft -> draft.set(Ports.STATUS, status)));
  }

  static void rename(LiveServer server, String port, String name) {
    assertThat(server.put("/ports/" + port, Map.of("port", Map.of("name", name))).status())
        .isEqualTo(200);
  }

  private String port() {
    return port(server, network);
  }

  private void restart() {
    server.close();
    server = LiveServer.start(folder, nova.options());
  }

  @Test
  void theLifeOfAPort() throws Exception {
    server.port(network, "device_owner", "compute:nova", "device_id", "not a server");
    String port = port();
    becomes(server, port, "ACTIVE");
    Post first = nova.next();
    assertThat(first.events())
        .containsExactly(
            Map.of(
                "name",
                "network-vif-plugged",
                "status",
                "completed",
                "server_uuid",
                INSTANCE,
                "tag",
                port));
    assertThat(first.token()).isEqualTo("t1");
    assertThat(first.headers().get("Openstack-api-version")).containsExactly("compute 2.1");
    assertThat(first.headers().get("X-openstack-request-id").getFirst()).startsWith("req-");
    rename(server, port, "a");
    assertThat(nova.next().said()).containsExactly("network-changed " + port);
    becomes(server, port, "DOWN");
    assertThat(nova.next().said()).containsExactly("network-vif-unplugged completed " + port);
    assertThat(server.delete("/ports/" + port).status()).isEqualTo(204);
    assertThat(nova.next().said()).containsExactly("network-vif-deleted " + port);
  }

  @Test
  void aFloatingIpComesAndGoes() throws Exception {
    String external =
        server.create("/networks", "network", Map.of("name", "e", "router:external", true));
    server.subnet(external, "203.0.113.0/24");
    String subnet = server.subnet(network, "10.0.0.0/24");
    String router =
        server.create(
            "/routers", "router", Map.of("external_gateway_info", Map.of("network_id", external)));
    server.put("/routers/" + router + "/add_router_interface", Map.of("subnet_id", subnet));
    String port = port();
    String address =
        server.create(
            "/floatingips", "floatingip", Map.of("floating_network_id", external, "port_id", port));
    assertThat(nova.next().said()).containsExactly("network-changed " + port);
    assertThat(server.delete("/floatingips/" + address).status()).isEqualTo(204);
    assertThat(nova.next().said()).containsExactly("network-changed " + port);
  }

  /** What was acknowledged is not told again, what was not is. */
  @Test
  void aRestartInTheMiddle() throws Exception {
    String told = port();
    rename(server, told, "a");
    assertThat(nova.next().said()).containsExactly("network-changed " + told);
    nova.answers = post -> new Answer(503, event -> 503);
    String untold = port();
    rename(server, untold, "a");
    assertThat(nova.next().said()).containsExactly("network-changed " + untold);
    becomes(server, untold, "ACTIVE");
    server.close();
    nova.answers = post -> FakeNova.FINE;
    while (!nova.isQuiet()) {
      nova.next();
    }
    server = LiveServer.start(folder, nova.options());
    assertThat(nova.next().said())
        .containsExactly("network-changed " + untold, "network-vif-plugged completed " + untold);
  }

  /** A server that was killed has let go of nothing, and nothing waits for it. */
  @Test
  void aServerThatWasKilledIsNotWaitedFor() throws Exception {
    String port = port();
    server.close();
    server = LiveServer.start(folder);
    UUID onlyServer = new UUID(0, 1);
    server
        .server()
        .engine()
        .use(store -> store.lease("nova", onlyServer, java.time.Duration.ofDays(1)));
    rename(server, port, "a");
    restart();
    assertThat(nova.next().said()).containsExactly("network-changed " + port);
  }

  /** Nova answers slowly: nobody else waits, and all that came meanwhile goes at once. */
  @Test
  void aSlowNovaHoldsUpNobody() throws Exception {
    CountDownLatch released = new CountDownLatch(1);
    nova.answers =
        post -> {
          try {
            released.await();
          } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
          }
          return FakeNova.FINE;
        };
    String one = port();
    String two = port();
    rename(server, one, "a");
    assertThat(nova.next().said()).containsExactly("network-changed " + one);
    rename(server, two, "a");
    rename(server, one, "b");
    assertThat(server.get("/ports/" + one).at("port", "name")).isEqualTo("b");
    released.countDown();
    assertThat(nova.next().said())
        .containsExactly("network-changed " + two, "network-changed " + one);
  }

  /** Has two ports change while Nova is away, so that they are told together. */
  private List<String> together() throws Exception {
    String one = port();
    String two = port();
    nova.answers = post -> new Answer(502, event -> 502);
    rename(server, one, "a");
    nova.next();
    rename(server, two, "a");
    server.close();
    while (!nova.isQuiet()) {
      nova.next();
    }
    return List.of(one, two);
  }

  @Test
  void eachEventHasItsOwnAnswer() throws Exception {
    List<String> ports = together();
    nova.answers =
        post -> new Answer(207, event -> event.get("tag").equals(ports.get(0)) ? 404 : 500);
    logs.lines.clear();
    server = LiveServer.start(folder, nova.options());
    assertThat(nova.next().said()).hasSize(2);
    nova.answers = post -> FakeNova.FINE;
    assertThat(logs.next())
        .isEqualTo(
            "dropped, Nova answered 404: network-changed of port "
                + ports.get(0)
                + " of server "
                + INSTANCE);
    assertThat(nova.next().said()).containsExactly("network-changed " + ports.get(1));
    rename(server, ports.get(0), "b");
    assertThat(nova.next().said()).containsExactly("network-changed " + ports.get(0));
  }

  @Test
  void whatNovaDoesNotKnowIsDropped() throws Exception {
    nova.answers = post -> new Answer(404, event -> 404);
    String port = port();
    rename(server, port, "a");
    nova.next();
    assertThat(logs.next()).startsWith("dropped, Nova answered 404").contains(port);
    rename(server, port, "b");
    assertThat(nova.next().said()).hasSize(1);
  }

  /** One that Nova refuses takes no other with it. */
  @Test
  void aRefusalIsLaidAtOneDoor() throws Exception {
    List<String> ports = together();
    String wrong = ports.get(0);
    nova.answers =
        post ->
            post.said().toString().contains(wrong) ? new Answer(400, event -> 400) : FakeNova.FINE;
    logs.lines.clear();
    server = LiveServer.start(folder, nova.options());
    assertThat(nova.next().said()).hasSize(2);
    assertThat(nova.next().said()).containsExactly("network-changed " + wrong);
    assertThat(nova.next().said()).containsExactly("network-changed " + ports.get(1));
    assertThat(logs.next()).startsWith("dropped, Nova answered 400").contains(wrong);
  }

  @Test
  void aTokenThatEndedIsRenewed() throws Exception {
    String port = port();
    rename(server, port, "a");
    assertThat(nova.next().token()).isEqualTo("t1");
    nova.withdrawTokens();
    rename(server, port, "b");
    assertThat(nova.next().token()).isEqualTo("t2");
    assertThat(logs.lines).isEmpty();
  }

  @Test
  void aNovaThatForbidsIsAskedAgainAndNamed() throws Exception {
    nova.answers = post -> new Answer(403, event -> 403);
    String port = port();
    rename(server, port, "a");
    Post first = nova.next();
    assertThat(logs.next()).contains("Nova answered 403").contains("[nova]");
    Post second = nova.next();
    assertThat(second.said()).isEqualTo(first.said());
    assertThat(second.headers().get("X-openstack-request-id"))
        .as("tells that it is the same")
        .isEqualTo(first.headers().get("X-openstack-request-id"));
    nova.answers = post -> FakeNova.FINE;
  }

  @Test
  void nobodyListens() throws Exception {
    String port = port();
    int where = nova.port();
    nova.close();
    rename(server, port, "a");
    assertThat(logs.next()).contains("next try in 1 s");
    nova = new FakeNova(where);
    assertThat(nova.next().said()).containsExactly("network-changed " + port);
  }

  /** The log was trimmed, or the database came from a backup. */
  @Test
  void aCursorBeforeTheLogMovesOnAndSaysSo() throws Exception {
    String port = port();
    server.close();
    server = LiveServer.start(folder);
    UUID nobody = new UUID(0, 0);
    server
        .server()
        .engine()
        .use(store -> {
          store.advance("nova", nobody, -5);
          return true;
        });
    logs.lines.clear();
    restart();
    assertThat(logs.next()).contains("changes -4 to").contains("no longer in the log");
    rename(server, port, "b");
    assertThat(nova.next().said()).containsExactly("network-changed " + port);
  }

  private static int cursors(Path folder) throws SQLException {
    try (Connection database =
            DriverManager.getConnection("jdbc:sqlite:" + folder.resolve("nucleon.db"));
        ResultSet row = database.createStatement().executeQuery("SELECT count(*) FROM position")) {
      return row.getInt(1);
    }
  }

  @Test
  void withoutNovaNoCursorIsKept(@TempDir Path other) throws Exception {
    rename(server, port(), "a");
    nova.next();
    server.close();
    assertThat(cursors(folder)).isEqualTo(1);
    for (String[] off :
        List.of(
            new String[] {},
            nova.options(
                "DEFAULT",
                "notify_nova_on_port_status_changes",
                "false",
                "DEFAULT",
                "notify_nova_on_port_data_changes",
                "false"))) {
      try (LiveServer without = LiveServer.start(other, off)) {
        rename(without, port(without, without.network("n")), "a");
      }
      assertThat(cursors(other)).isZero();
    }
  }

  @Test
  void wrongOptionsAreNamed() {
    for (List<String> wrong :
        List.of(
            List.of("username", ""),
            List.of("auth_url", "nova.example.com"),
            List.of("auth_type", "v3token"),
            List.of("endpoint_type", "secret"),
            List.of("timeout", "long"),
            List.of("cafile", "/none.pem"))) {
      IniConfiguration configuration =
          new IniConfiguration()
              .with("ml2", "mechanism_drivers", "")
              .with("nova", "auth_url", "http://127.0.0.1:5000")
              .with("nova", "username", "nova")
              .with("nova", wrong.get(0), wrong.get(1));
      assertThatThrownBy(
              () -> NucleonServer.configure(Features.load(), Plugins.none(), configuration))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessageContaining("[nova] " + wrong.get(0));
    }
  }
}
