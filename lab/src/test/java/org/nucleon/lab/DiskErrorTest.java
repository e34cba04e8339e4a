package org.nucleon.lab;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** What is answered has been made durable; a disk that no longer does so gets no more to keep. */
@Tag("lab")
@LabScenario
final class DiskErrorTest {

  private static final Pattern READY = Pattern.compile("listening on");
  private static final Duration LIMIT = Duration.ofSeconds(10);

  @Test
  void nothingIsAnsweredThatTheDiskDidNotConfirm(Lab lab) {
    try (Machine machine = Machine.boot("failing", lab.folder())) {
      Daemon server = start(machine, "first");
      Set<String> answered = new HashSet<>();
      try (Api api = Api.on(machine, 9696)) {
        Daemon watching = strace(machine, "watching", "trace=fdatasync,fsync");
        for (int i = 0; i < 10; i++) {
          answered.add(api.create("network", Map.of("name", "n" + i)).get("id").asString());
        }
        assertThat(watching.log().lines().filter(l -> l.contains("sync(")))
            .as("one after the other, each is made durable before its answer")
            .hasSizeGreaterThanOrEqualTo(10);
        watching.terminate();
        watching.awaitEnd();

        Daemon failing = strace(machine, "failing", "inject=fdatasync,fsync:error=EIO");
        Map<String, ?> lost = Map.of("network", Map.of("name", "lost"));
        assertThat(api.send("POST", "/v2.0/networks", lost).status()).isEqualTo(503);
        failing.terminate();
        failing.awaitEnd();
        assertThat(api.send("POST", "/v2.0/networks", lost).status())
            .as("nobody knows what the disk has: no more is written")
            .isEqualTo(503);
        assertThat(api.send("GET", "/healthcheck", Map.of()).status()).isEqualTo(503);
        assertThat(ids(api)).as("reads go on, of what was answered").isEqualTo(answered);
      }
      server.kill();
      server.awaitEnd();
      start(machine, "second");
      try (Api api = Api.on(machine, 9696)) {
        assertThat(ids(api)).containsAll(answered);
        api.create("network", Map.of("name", "again"));
      }
    }
  }

  private static Daemon start(Machine machine, String name) {
    return NucleonProcess.startReady(
        machine, name, READY, "up", "--no-agent", "--state", "/var/lib/nucleon");
  }

  /** Traces the server's system calls, all of its threads. */
  private static Daemon strace(Machine machine, String name, String expression) {
    String pid = machine.exec("pgrep", "-f", "org.nucleon.cli.Nucleon up").strip();
    Daemon strace = machine.start(name, "strace", "-f", "-p", pid, "-e", expression);
    strace.await(Pattern.compile("attached"), LIMIT);
    return strace;
  }

  private static Set<String> ids(Api api) {
    Set<String> ids = new HashSet<>();
    api.list("network", Map.of()).forEach(network -> ids.add(network.get("id").asString()));
    return ids;
  }
}
