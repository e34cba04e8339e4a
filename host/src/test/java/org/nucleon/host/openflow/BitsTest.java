package org.nucleon.host.openflow;

import static org.assertj.core.api.Assertions.assertThat;

import java.math.BigInteger;
import java.util.Random;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Against the arithmetic of {@link BigInteger}. */
final class BitsTest {
  private static final BigInteger LIMIT = BigInteger.ONE.shiftLeft(128);

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 3, 4, 5, 6, 7, 8})
  void calculatesLikeBigNumbers(int seed) {
    var random = new Random(seed);
    for (int i = 0; i < 200; i++) {
      var one = new Bits(random.nextLong(), random.nextLong());
      var other = new Bits(random.nextLong(), random.nextLong());
      int count = random.nextInt(128);
      assertThat(number(one.and(other))).isEqualTo(number(one).and(number(other)));
      assertThat(number(one.or(other))).isEqualTo(number(one).or(number(other)));
      assertThat(number(one.shiftLeft(count))).isEqualTo(number(one).shiftLeft(count).mod(LIMIT));
      assertThat(number(Bits.ones(count)))
          .isEqualTo(BigInteger.ONE.shiftLeft(count).subtract(BigInteger.ONE));
      assertThat(number(Bits.prefix(count, 128)).bitCount()).isEqualTo(count);
      assertThat(Bits.of(one.toBytes(16))).isEqualTo(one);
      assertThat(one.toString()).isEqualTo("0x" + number(one).toString(16));
    }
  }

  private static BigInteger number(Bits bits) {
    return new BigInteger(1, bits.toBytes(16));
  }
}
