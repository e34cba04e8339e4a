package org.nucleon.server;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.logging.Handler;
import java.util.logging.LogRecord;
import java.util.logging.Logger;
import java.util.logging.SimpleFormatter;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What cannot be bound says so at the port and, once for each reason, in the server's log. */
@Tag(LiveServer.ML2)
final class FailedBindingTest {

  private static final Logger LOGGER = Logger.getLogger("org.nucleon.ml2.server.FailedBindings");

  @TempDir Path folder;
  private final BlockingQueue<String> lines = new LinkedBlockingQueue<>();
  private final Handler handler =
      new Handler() {
        @Override
        public void publish(LogRecord line) {
          lines.add(line.getLevel() + " " + new SimpleFormatter().formatMessage(line));
        }

        @Override
        public void flush() {}

        @Override
        public void close() {}
      };

  @BeforeEach
  void listen() {
    LOGGER.addHandler(handler);
  }

  @AfterEach
  void leave() {
    LOGGER.removeHandler(handler);
  }

  private static String line(String port, String host) {
    return "WARNING port %s cannot be bound on host %s: nowhere: it binds nothing"
        .formatted(port, host);
  }

  /** What is logged of a port until another is told of: a server tells in order. */
  private List<String> linesOf(String port, String last) throws InterruptedException {
    List<String> told = new ArrayList<>();
    while (true) {
      String line = lines.poll(60, TimeUnit.SECONDS);
      assertThat(line).as("told of %s", last).isNotNull();
      if (line.contains(port)) {
        told.add(line);
      }
      if (line.contains(last)) {
        return told;
      }
    }
  }

  @Test
  void isToldOnceForEachReason() throws Exception {
    try (LiveServer server = LiveServer.start(folder, "ml2", "mechanism_drivers", "nowhere")) {
      String network = server.network("n");
      String port = server.port(network, "binding:host_id", "h1");
      assertThat(server.get("/ports/" + port).at("port", "binding:vif_type"))
          .isEqualTo("binding_failed");
      assertThat(server.get("/ports/" + port).at("port", "binding:vif_details"))
          .isEqualTo(Map.of("reason", "nowhere: it binds nothing"));
      assertThat(server.get("/ports/" + port).at("port", "status")).isEqualTo("DOWN");
      server.put("/ports/" + port, Map.of("port", Map.of("name", "another")));
      server.put("/ports/" + port, Map.of("port", Map.of("binding:host_id", "h2")));
      server.put("/ports/" + port, Map.of("port", Map.of("binding:profile", Map.of("a", "b"))));
      String last = server.port(network, "binding:host_id", "h3");
      assertThat(linesOf(port, last)).containsExactly(line(port, "h1"), line(port, "h2"));
    }
  }
}
