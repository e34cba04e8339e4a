package org.nucleon.host.openflow;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

final class PortRangeTest {
  static IntStream seeds() {
    return IntStream.range(0, 60);
  }

  @ParameterizedTest
  @MethodSource("seeds")
  void thePartsCoverExactlyTheRangeAndOnce(int seed) {
    var random = new Random(seed);
    int one = random.nextInt(0x10000);
    int other = random.nextBoolean() ? random.nextInt(0x10000) : Math.min(0xffff, one + 3);
    var range = new PortRange(Math.min(one, other), Math.max(one, other));
    var parts = range.split();
    for (int port = 0; port <= 0xffff; port++) {
      int candidate = port;
      long covering =
          parts.stream().filter(p -> (candidate & p.mask()) == p.value()).limit(2).count();
      assertThat(covering)
          .as("seed %d: port %d of %s", seed, port, range)
          .isEqualTo(port >= range.first() && port <= range.last() ? 1 : 0);
    }
    assertThat(parts).hasSizeLessThanOrEqualTo(30);
  }

  @ParameterizedTest
  @CsvSource({"80,80,1", "0,65535,1", "1,65535,16", "1,65534,30", "1024,65535,6", "80,81,1"})
  void thePartsAreAsFewAsCanBe(int first, int last, int count) {
    assertThat(new PortRange(first, last).split()).hasSize(count);
  }

  @Test
  void refusesWhatIsNoRange() {
    assertThatIllegalArgumentException().isThrownBy(() -> new PortRange(5, 4));
    assertThatIllegalArgumentException().isThrownBy(() -> new PortRange(0, 65536));
    assertThatIllegalArgumentException().isThrownBy(() -> new PortRange(-1, 5));
  }
}
