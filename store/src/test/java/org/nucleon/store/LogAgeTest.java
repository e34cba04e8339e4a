package org.nucleon.store;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.Test;

/** Which changes are old. */
final class LogAgeTest {

  private static final Instant START = Instant.parse("2026-01-01T00:00:00Z");

  private final LogAge age = new LogAge(Duration.ofHours(24));

  private long old(int minutes, long newest) {
    return age.old(START.plus(Duration.ofMinutes(minutes)), newest);
  }

  @Test
  void whatWasNewestADayAgoIsOldAndNothingThatCameLater() {
    assertThat(old(0, 10)).isZero();
    assertThat(old(30, 20)).as("not marked: the last mark is younger than an hour").isZero();
    assertThat(old(60, 30)).isZero();
    assertThat(old(24 * 60 - 1, 40)).isZero();
    assertThat(old(24 * 60, 50)).isEqualTo(10);
    assertThat(old(25 * 60 - 1, 60)).isEqualTo(10);
    assertThat(old(25 * 60, 60)).isEqualTo(30);
    assertThat(old(100 * 60, 70)).as("after a quiet time").isEqualTo(60);
  }

  @Test
  void aClockThatIsSetBackMakesNothingOld() {
    assertThat(old(0, 10)).isZero();
    assertThat(old(-10_000, 20)).isZero();
    assertThat(old(24 * 60, 30)).isEqualTo(10);
  }
}
