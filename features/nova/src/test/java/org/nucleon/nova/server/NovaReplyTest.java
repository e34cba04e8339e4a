package org.nucleon.nova.server;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.nucleon.core.feature.RemoteService.Reply;
import org.nucleon.core.json.Json;
import org.nucleon.nova.server.NovaReply.Verdict;

/** What Nova's answers come to. */
final class NovaReplyTest {

  private static final String SERVER = "c0ffee00-0000-4000-8000-000000000001";

  private static final ServerEvent PLUGGED =
      ServerEvent.plugged("completed", SERVER, new UUID(1, 1));
  private static final ServerEvent CHANGED = ServerEvent.changed(SERVER, new UUID(1, 1));
  private static final ServerEvent OTHER = ServerEvent.changed(SERVER, new UUID(1, 2));
  private static final List<ServerEvent> SENT = List.of(PLUGGED, CHANGED, OTHER);

  private static NovaReply reply(int status, List<ServerEvent> sent, int... codes) {
    List<Map<String, Object>> events = new ArrayList<>();
    for (int i = 0; i < codes.length; i++) {
      Map<String, Object> event = new java.util.HashMap<>(sent.get(i).body());
      event.put("code", codes[i]);
      events.add(event);
    }
    return NovaReply.of(new Reply(status, Json.bytes(Map.of("events", events))), sent);
  }

  @Test
  void allTaken() {
    assertThat(reply(200, SENT, 200, 200, 200))
        .isEqualTo(new NovaReply(Verdict.TAKEN, List.of(), Map.of()));
  }

  @Test
  void someNotKnown() {
    assertThat(reply(207, SENT, 404, 200, 422))
        .isEqualTo(new NovaReply(Verdict.TAKEN, List.of(), Map.of(PLUGGED, 404, OTHER, 422)));
  }

  @Test
  void whatFailedIsSentAgainWithWhatCameAfterItOnItsPort() {
    assertThat(reply(207, SENT, 500, 200, 200))
        .isEqualTo(
            new NovaReply(Verdict.TAKEN, List.of(PLUGGED.failedOnceMore(), CHANGED), Map.of()));
    assertThat(reply(207, SENT, 200, 200, 503).again()).containsExactly(OTHER.failedOnceMore());
  }

  @Test
  void whatFailsForEverIsDropped() {
    ServerEvent failing = OTHER;
    for (int i = 1; i < NovaReply.MOST_TRIES; i++) {
      NovaReply said = reply(207, List.of(failing), 500);
      assertThat(said.again()).hasSize(1);
      failing = said.again().getFirst();
    }
    assertThat(reply(207, List.of(failing), 500))
        .isEqualTo(new NovaReply(Verdict.TAKEN, List.of(), Map.of(failing, 500)));
  }

  @Test
  void equalEventsHaveTheirOwnCodes() {
    assertThat(reply(207, List.of(OTHER, OTHER), 500, 200).again())
        .containsExactly(OTHER.failedOnceMore(), OTHER);
    assertThat(reply(207, List.of(OTHER, OTHER), 200, 500).again())
        .containsExactly(OTHER.failedOnceMore());
  }

  @Test
  void noServerKnown() {
    NovaReply said = reply(404, SENT);
    assertThat(said.verdict()).isEqualTo(Verdict.TAKEN);
    assertThat(said.again()).isEmpty();
    assertThat(said.dropped()).containsOnlyKeys(SENT);
  }

  @ParameterizedTest
  @ValueSource(ints = {301, 401, 403, 408, 429, 500, 502, 503, 504})
  void later(int status) {
    assertThat(reply(status, SENT).verdict()).isEqualTo(Verdict.LATER);
  }

  @ParameterizedTest
  @ValueSource(ints = {400, 405, 409, 413, 422})
  void refused(int status) {
    assertThat(reply(status, SENT).verdict()).isEqualTo(Verdict.REFUSED);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"", "<html>", "[]", "{\"events\":7}", "{\"events\":[7,{\"code\":\"x\"}]}"})
  void anAnswerThatSaysNothingOfEventsTookThem(String body) {
    assertThat(NovaReply.of(new Reply(200, body.getBytes(StandardCharsets.UTF_8)), SENT))
        .isEqualTo(new NovaReply(Verdict.TAKEN, List.of(), Map.of()));
  }
}
