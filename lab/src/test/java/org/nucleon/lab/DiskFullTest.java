package org.nucleon.lab;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** A disk that is full refuses changes, loses none, and goes on when there is room again. */
@Tag("lab")
@LabScenario
final class DiskFullTest {

  private static final Pattern READY = Pattern.compile("listening on");

  @Test
  void nothingThatWasAnsweredIsLost(Lab lab) {
    try (Machine machine = Machine.boot("small", lab.folder())) {
      machine.script("mkdir /run/state && mount -t tmpfs -o size=3m none /run/state");
      Daemon server = start(machine, "first");
      Set<String> answered = new HashSet<>();
      try (Api api = Api.on(machine, 9696)) {
        answered.addAll(untilFull(api));
        assertThat(answered).hasSizeGreaterThan(5);
        assertThat(ids(api)).as("reads go on, of what was answered").isEqualTo(answered);
        machine.script("mount -o remount,size=64m /run/state");
        String after =
            Eventually.within(
                Duration.ofSeconds(10),
                "there is room again",
                () -> create(api),
                id -> !id.isEmpty());
        answered.add(after);
        assertThat(api.send("GET", "/healthcheck", Map.of()).status()).isEqualTo(200);
        assertThat(ids(api)).isEqualTo(answered);
      }
      server.kill();
      server.awaitEnd();
      start(machine, "second");
      try (Api api = Api.on(machine, 9696)) {
        assertThat(ids(api)).isEqualTo(answered);
      }
    }
  }

  private static Daemon start(Machine machine, String name) {
    return NucleonProcess.startReady(
        machine, name, READY, "up", "--no-agent", "--state", "/run/state");
  }

  /** The ids of the networks that were made before one was refused. */
  private static List<String> untilFull(Api api) {
    String project =
        api.send("GET", "/v2.0/quotas/project", Map.of())
            .body()
            .required("project")
            .get("project_id")
            .asString();
    api.send("PUT", "/v2.0/quotas/" + project, Map.of("quota", Map.of("network", -1)));
    List<String> made = new ArrayList<>();
    for (String id = create(api); !id.isEmpty(); id = create(api)) {
      made.add(id);
    }
    return made;
  }

  /** A network's id, empty if the server takes no changes now. */
  private static String create(Api api) {
    Map<String, ?> network = Map.of("description", "x".repeat(255), "name", "y".repeat(255));
    Api.Answer answer = api.send("POST", "/v2.0/networks", Map.of("network", network));
    assertThat(answer.status()).as("%s", answer.body()).isIn(201, 503);
    return answer.status() == 201 ? answer.body().required("network").get("id").asString() : "";
  }

  private static Set<String> ids(Api api) {
    Set<String> ids = new HashSet<>();
    api.list("network", Map.of()).forEach(network -> ids.add(network.get("id").asString()));
    return ids;
  }
}
