package org.nucleon.network.api;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.nucleon.core.feature.Configuration;
import org.nucleon.core.resource.Draft;
import org.nucleon.core.schema.Catalog;
import org.nucleon.core.state.Change;
import org.nucleon.core.state.ChangeSet;
import org.nucleon.core.state.Picture;

/** Who loses what he serves; and a circuit breaker, for when too many are lost at once. */
final class AgentSchedulingTest {

  private static final String TYPE = "L3 agent";
  private static final Instant START = Instant.parse("2026-01-01T00:00:00Z");

  private Picture picture = Picture.empty(catalog(), 0);
  private Instant now = START;
  private final AgentScheduling scheduling = scheduling(true);

  private static Catalog catalog() {
    Catalog.Builder builder = Catalog.builder();
    new NetworkFeature().declare(builder);
    return builder.build();
  }

  private AgentScheduling scheduling(boolean failover) {
    return new AgentScheduling(TYPE, failover, Configuration.defaults(), () -> now);
  }

  private void agent(String host, boolean alive, boolean up) {
    UUID id = UUID.nameUUIDFromBytes(host.getBytes(UTF_8));
    var before = picture.find(Agents.AGENT, id).orElse(null);
    Draft draft =
        before == null
            ? new Draft(picture.catalog().layout(Agents.AGENT), id, "")
            : new Draft(before);
    draft
        .set(Agents.TYPE, TYPE)
        .set(Agents.HOST, host)
        .set(Agents.ALIVE, alive)
        .set(Agents.ADMIN_STATE_UP, up)
        .set(Agents.LAST_SEEN, Agents.time(now));
    Change change = new Change(Agents.AGENT, id, before, draft.toResource(now));
    picture = picture.apply(ChangeSet.of(picture.number() + 1, List.of(change)));
  }

  private void alive(String... hosts) {
    for (String host : hosts) {
      agent(host, true, true);
    }
  }

  private void lost(String... hosts) {
    for (String host : hosts) {
      agent(host, false, true);
    }
  }

  private Set<String> losing(String... serving) {
    return scheduling.losing(picture, List.of(serving));
  }

  private void later(int seconds) {
    now = now.plus(Duration.ofSeconds(seconds));
  }

  @Test
  void whoIsAliveAndSwitchedOnTakesWork() {
    alive("h3", "h1");
    lost("h2");
    agent("h4", true, false);
    assertThat(scheduling.eligible(picture)).containsExactly("h1", "h3");
  }

  @Test
  void aLostAgentKeepsWhatItHasForAWhile() {
    alive("h1", "h2");
    lost("h2");
    later(75);
    assertThat(losing("h1", "h2")).isEmpty();
    later(1);
    assertThat(losing("h1", "h2")).containsExactly("h2");
    alive("h2");
    assertThat(losing("h1", "h2")).as("back again").isEmpty();
  }

  @Test
  void withoutFailoverItKeepsItForEver() {
    alive("h1", "h2");
    lost("h2");
    later(100_000);
    assertThat(scheduling(false).losing(picture, List.of("h2"))).isEmpty();
  }

  @Test
  void whoIsSwitchedOffOrUnknownLosesItAtOnce() {
    alive("h1");
    agent("h2", true, false);
    assertThat(losing("h1", "h2", "h9")).containsExactlyInAnyOrder("h2", "h9");
    assertThat(scheduling.isReleased(picture, "h2")).isTrue();
    assertThat(scheduling.isReleased(picture, "h1")).isFalse();
  }

  /**
   * Agents that seem lost after a server was down, or a switch failed, must not be piled on few.
   */
  @Test
  void ifTooManyAreLostAtOnceNothingIsTakenFromThem() {
    alive("h1", "h2", "h3", "h4", "h5");
    lost("h1", "h2", "h3");
    later(100);
    assertThat(losing("h1", "h2", "h3", "h4")).isEmpty();
    alive("h3");
    assertThat(losing("h1", "h2", "h3", "h4")).containsExactlyInAnyOrder("h1", "h2");
  }

  @Test
  void theBreakerSeesThoseThatAreOnlyJustLost() {
    alive("h1", "h2", "h3");
    lost("h1");
    later(76);
    lost("h2");
    assertThat(losing("h1", "h2", "h3")).isEmpty();
  }

  @Test
  void halfOfThemMayBeLostAndSwitchedOffOnesLoseInAnyCase() {
    alive("h1", "h2");
    lost("h1");
    later(100);
    assertThat(losing("h1", "h2")).containsExactly("h1");
    lost("h2");
    agent("h3", true, false);
    assertThat(losing("h1", "h2", "h3")).containsExactly("h3");
  }

  /** What was taken from them once does not count against others for ever. */
  @Test
  void lostAgentsThatServeNothingDoNotCount() {
    alive("h1", "h2", "h3", "h4", "h5");
    lost("h1", "h2", "h3");
    later(100);
    assertThat(losing("h3", "h4")).containsExactly("h3");
  }
}
