package org.nucleon.server.watch;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.nucleon.core.watch.HostUpdate;

/** What a host's connection is given to read. */
final class HostStreamTest {

  @Test
  void givesUpdatesInOrder() throws InterruptedException {
    HostStream stream = new HostStream("h1");
    stream.offer(new HostUpdate(1, List.of(), List.of()));
    stream.offer(new HostUpdate(2, List.of(), List.of()));
    assertThat(stream.next().number()).isEqualTo(1);
    assertThat(stream.next().number()).isEqualTo(2);
  }

  @Test
  void cutsOffAHostThatDoesNotRead() throws InterruptedException {
    HostStream stream = new HostStream("h1");
    for (int number = 1; number <= 20_000; number++) {
      stream.offer(new HostUpdate(number, List.of(), List.of()));
    }
    assertThat(stream.next()).isNull();
  }

  @Test
  void anIdleWatchGetsBookmarksUntilTheHostIsNoLongerAdmitted() throws IOException {
    HostStream stream = new HostStream("h", Duration.ofMillis(1));
    stream.passed(7);
    AtomicInteger asked = new AtomicInteger();
    ByteArrayOutputStream out = new ByteArrayOutputStream();

    stream.writeTo(out, Knowledge.of(null), () -> asked.incrementAndGet() < 3);

    assertThat(out.toString(StandardCharsets.UTF_8))
        .isEqualTo(
            """
            {"number":7,"put":[],"forget":[],"protocol":1}
            {"number":7,"put":[],"forget":[]}
            """);
  }

  @Test
  void whatWaitsIsNotToldToAHostThatIsNoLongerAdmitted() throws IOException {
    HostStream stream = new HostStream("h");
    stream.offer(new HostUpdate(1, List.of(), List.of()));
    ByteArrayOutputStream out = new ByteArrayOutputStream();

    stream.writeTo(out, Knowledge.of(null), () -> false);

    assertThat(out.size()).isZero();
  }
}
