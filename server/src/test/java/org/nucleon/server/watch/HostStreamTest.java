package org.nucleon.server.watch;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.nucleon.core.watch.HostUpdate;

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
}
