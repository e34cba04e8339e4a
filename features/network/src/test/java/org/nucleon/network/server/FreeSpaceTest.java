package org.nucleon.network.server;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.nucleon.core.net.IpAddress;
import org.nucleon.core.net.IpPrefix;

/** What is left of prefixes, against counting every address. */
final class FreeSpaceTest {

  private static final IpPrefix ALL = IpPrefix.parse("10.0.0.0/24");

  private static List<IpPrefix> prefixes(String... texts) {
    return Stream.of(texts).map(IpPrefix::parse).toList();
  }

  @Test
  void joinsWhatIsAdjacent() {
    assertThat(FreeSpace.compact(prefixes("10.0.1.0/24", "10.0.0.0/24", "10.0.0.0/25")))
        .isEqualTo(prefixes("10.0.0.0/23"));
    assertThat(FreeSpace.compact(prefixes("10.0.1.0/24", "10.0.2.0/24")))
        .isEqualTo(prefixes("10.0.1.0/24", "10.0.2.0/24"));
    assertThat(
            FreeSpace.compact(
                prefixes("10.0.0.0/26", "10.0.0.64/26", "10.0.0.128/25", "10.0.1.0/24")))
        .isEqualTo(prefixes("10.0.0.0/23"));
    assertThat(FreeSpace.compact(prefixes("::/1", "8000::/1"))).isEqualTo(prefixes("::/0"));
    assertThat(FreeSpace.compact(prefixes("0.0.0.0/0", "10.0.0.0/8")))
        .isEqualTo(prefixes("0.0.0.0/0"));
  }

  @Test
  void leavesTheLargestBlocks() {
    FreeSpace free = FreeSpace.of(prefixes("fd00::/48"), prefixes("fd00:0:0:8000::/64"));
    assertThat(free.blocks().getFirst()).isEqualTo(IpPrefix.parse("fd00::/49"));
    assertThat(free.blocks()).hasSize(16);
    assertThat(free.first(64)).contains(IpPrefix.parse("fd00:0:0:8001::/64"));
    assertThat(free.first(48)).isEmpty();
    assertThat(FreeSpace.of(prefixes("10.0.0.0/24"), prefixes("10.0.0.0/8")).blocks()).isEmpty();
  }

  @Test
  void agreesWithCounting() {
    Random random = new Random(7);
    for (int round = 0; round < 500; round++) {
      List<IpPrefix> given = some(random, 3);
      List<IpPrefix> taken = some(random, 12);
      BitSet expected = addresses(given);
      expected.andNot(addresses(taken));
      FreeSpace free = FreeSpace.of(given, taken);
      assertThat(addresses(free.blocks())).isEqualTo(expected);
      assertThat(addresses(FreeSpace.compact(given))).isEqualTo(addresses(given));
      assertThat(FreeSpace.compact(free.blocks())).isEqualTo(free.blocks());
      int length = 24 + random.nextInt(9);
      free.first(length)
          .ifPresentOrElse(
              block -> {
                assertThat(block.length()).isEqualTo(length);
                assertThat(free.contains(block)).isTrue();
              },
              () -> assertThat(free.blocks()).allMatch(block -> block.length() > length));
    }
  }

  private static List<IpPrefix> some(Random random, int most) {
    List<IpPrefix> prefixes = new ArrayList<>();
    int count = 1 + random.nextInt(most);
    for (int i = 0; i < count; i++) {
      IpAddress address = ALL.address().plus(random.nextInt(256));
      prefixes.add(IpPrefix.containing(address, 25 + random.nextInt(8)));
    }
    return prefixes;
  }

  private static BitSet addresses(List<IpPrefix> prefixes) {
    BitSet bits = new BitSet();
    for (IpPrefix prefix : prefixes) {
      bits.set(
          (int) prefix.address().minus(ALL.address()),
          (int) prefix.last().minus(ALL.address()) + 1);
    }
    return bits;
  }
}
