package org.nucleon.server;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Tags of resources: set, removed, found by. */
final class TagTest {

  private static final String[] BOB = {"X-Project-Id", "bob", "X-Roles", "member"};

  @TempDir static Path folder;
  static LiveServer server;

  @BeforeAll
  static void start() {
    server = LiveServer.start(folder);
    for (String tags : List.of("", "red", "blue", "red,blue", "red,blue,green")) {
      String id =
          server.create(
              "/networks", "network", Map.of("name", "n:" + tags, "description", "to find"));
      if (!tags.isEmpty()) {
        server.put("/networks/" + id + "/tags", Map.of("tags", List.of(tags.split(","))));
      }
    }
  }

  @AfterAll
  static void stop() {
    server.close();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "tags=red|n:red n:red,blue n:red,blue,green",
        "tags=red,blue|n:red,blue n:red,blue,green",
        "tags=red&tags=blue|n:red,blue n:red,blue,green",
        "tags-any=green,blue|n:blue n:red,blue n:red,blue,green",
        "not-tags=red,blue|n: n:blue n:red",
        "not-tags-any=red,blue|n:",
        "tags=red&not-tags-any=green|n:red n:red,blue",
        "tags=nothing|''",
      })
  void findsByTags(String query, String names) {
    assertThat(
            LiveServer.column(
                server.get("/networks?description=to%20find&" + query), "networks", "name"))
        .map(String::valueOf)
        .containsExactlyInAnyOrder(names.isEmpty() ? new String[0] : names.split(" "));
  }

  @Test
  void areSetAndRemovedOneByOne() {
    String path = "/networks/" + server.create("/networks", "network", Map.of(), BOB);
    assertThat(server.get(path + "/tags", BOB).at("tags")).isEqualTo(List.of());
    int before = (int) server.get(path, BOB).at("network", "revision_number");
    assertThat(server.send("PUT", "/v2.0" + path + "/tags/a.json", "", BOB).status())
        .isEqualTo(201);
    assertThat(server.send("PUT", "/v2.0" + path + "/tags/b", "", BOB).status()).isEqualTo(201);
    assertThat(server.send("PUT", "/v2.0" + path + "/tags/b", "", BOB).status()).isEqualTo(201);
    assertThat(server.get(path, BOB).at("network", "tags")).isEqualTo(List.of("a.json", "b"));
    assertThat((int) server.get(path, BOB).at("network", "revision_number")).isEqualTo(before + 2);
    assertThat(server.get(path + "/tags/b", BOB).status()).isEqualTo(204);
    assertThat(server.delete(path + "/tags/b", BOB).status()).isEqualTo(204);
    assertThat(server.get(path + "/tags/b", BOB).type()).isEqualTo("TagNotFound");
    assertThat(server.delete(path + "/tags/b", BOB).type()).isEqualTo("TagNotFound");
    assertThat(server.delete(path + "/tags", BOB).status()).isEqualTo(204);
    assertThat(server.get(path + "/tags", BOB).at("tags")).isEqualTo(List.of());
  }

  @Test
  void comeWithNewPorts() {
    String network = server.network("ports");
    String port = server.port(network, "tags", List.of("x", "y"));
    assertThat(server.get("/ports/" + port).at("port", "tags")).isEqualTo(List.of("x", "y"));
    Map<String, Object> tagged = Map.of("network", Map.of("tags", List.of("x")));
    assertThat(server.post("/networks", tagged).status()).as("others have /tags").isEqualTo(400);
  }

  @Test
  void othersTagsAreNotTouched() {
    String own = server.network("mine");
    String shared = server.create("/networks", "network", Map.of("shared", true));
    Map<String, Object> tags = Map.of("tags", List.of("bob was here"));
    assertThat(server.put("/networks/" + own + "/tags", tags, BOB).status()).isEqualTo(404);
    assertThat(server.put("/networks/" + shared + "/tags", tags, BOB).status()).isEqualTo(403);
    assertThat(server.get("/networks/" + shared + "/tags", BOB).status()).isEqualTo(200);
  }

  @Test
  void badTagsAreRefused() {
    String path = "/networks/" + server.network("bad");
    for (Object wrong :
        List.of(
            1,
            "a",
            Map.of(),
            List.of(1),
            List.of(""),
            List.of("a", "a"),
            List.of("a".repeat(256)))) {
      assertThat(server.put(path + "/tags", Map.of("tags", wrong)).status())
          .as("%s", wrong)
          .isEqualTo(400);
    }
    assertThat(server.put(path + "/tags", Map.of()).status()).isEqualTo(400);
    assertThat(server.send("PUT", "/v2.0" + path + "/tags/" + "a".repeat(256), "").status())
        .isEqualTo(400);
    assertThat(server.post(path + "/tags", Map.of("tags", List.of())).status()).isEqualTo(405);
    assertThat(server.get(path + "/tags").at("tags")).isEqualTo(List.of());
  }
}
