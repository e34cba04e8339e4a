package org.nucleon.core.net;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.math.BigInteger;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Addresses, prefixes and MAC addresses as text and as numbers. */
final class AddressesTest {

  @ParameterizedTest
  @CsvSource({
    "10.0.0.1, 10.0.0.1",
    "255.255.255.255, 255.255.255.255",
    "0.0.0.0, 0.0.0.0",
    "::, ::",
    "::1, ::1",
    "FE80::1, fe80::1",
    "2001:db8:0:0:1:0:0:1, 2001:db8::1:0:0:1",
    "2001:db8:0:1:1:1:1:1, 2001:db8:0:1:1:1:1:1",
    "1:0:0:2:0:0:0:3, 1:0:0:2::3",
    "1::, 1::",
    "0:0:1::, 0:0:1::"
  })
  void writesAddressesInTheirCanonicalForm(String text, String canonical) {
    assertThat(IpAddress.parse(text)).hasToString(canonical);
    assertThat(IpAddress.parse(canonical)).isEqualTo(IpAddress.parse(text));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        " ",
        "10.0.0",
        "10.0.0.256",
        "10.0.0.01",
        "10.0.0.1 ",
        "1.2.3.4.5",
        "0x7f.1",
        "10",
        ":",
        ":::",
        "1:2:3:4:5:6:7",
        "fe80::1%eth0",
        "[::1]",
        "g::1",
        "1::2::3",
        "10.0.0.1\n",
        "１.2.3.4"
      })
  void refusesWhatIsNoAddress(String text) {
    assertThatThrownBy(() -> IpAddress.parse(text)).isInstanceOf(IllegalArgumentException.class);
  }

  /** Big integers know the answer. */
  @Test
  void addsAndSubtractsAsNumbersDo() {
    Random random = new Random(7);
    for (int i = 0; i < 20_000; i++) {
      boolean six = random.nextBoolean();
      IpAddress address =
          six
              ? new IpAddress(6, random.nextLong(), random.nextInt(4) == 0 ? -1 : random.nextLong())
              : new IpAddress(4, 0, random.nextLong() & 0xffff_ffffL);
      long offset = random.nextLong() >> random.nextInt(64);
      BigInteger space = BigInteger.ONE.shiftLeft(six ? 128 : 32);
      BigInteger expected = number(address).add(BigInteger.valueOf(offset)).mod(space);
      assertThat(number(address.plus(offset))).as("%s + %s", address, offset).isEqualTo(expected);
      IpAddress other =
          six
              ? new IpAddress(6, address.high(), random.nextLong())
              : new IpAddress(4, 0, random.nextInt() & 0xffff_ffffL);
      assertThat(Integer.signum(address.compareTo(other)))
          .isEqualTo(number(address).compareTo(number(other)));
      assertThat(Integer.signum(address.sortableText().compareTo(other.sortableText())))
          .isEqualTo(number(address).compareTo(number(other)));
      if (address.compareTo(other) >= 0) {
        BigInteger apart = number(address).subtract(number(other));
        assertThat(BigInteger.valueOf(address.minus(other)))
            .isEqualTo(apart.min(BigInteger.valueOf(Long.MAX_VALUE)));
      }
      assertThat(IpAddress.ofBytes(address.bytes())).isEqualTo(address);
      assertThat(IpAddress.parse(address.toString())).isEqualTo(address);
    }
  }

  private static BigInteger number(IpAddress address) {
    return new BigInteger(1, address.bytes());
  }

  @ParameterizedTest
  @CsvSource({
    "10.0.0.9/24, 10.0.0.0/24, 10.0.0.255",
    "10.0.0.9, 10.0.0.9/32, 10.0.0.9",
    "0.0.0.0/0, 0.0.0.0/0, 255.255.255.255",
    "10.0.0.2/31, 10.0.0.2/31, 10.0.0.3",
    "2001:db8::9/64, 2001:db8::/64, 2001:db8::ffff:ffff:ffff:ffff",
    "2001:db8::/32, 2001:db8::/32, 2001:db8:ffff:ffff:ffff:ffff:ffff:ffff",
    "2001:db8::1/127, 2001:db8::/127, 2001:db8::1",
    "::/0, ::/0, ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff"
  })
  void readsPrefixes(String text, String prefix, String last) {
    assertThat(IpPrefix.parse(text)).hasToString(prefix);
    assertThat(IpPrefix.parse(text).last()).hasToString(last);
    assertThat(IpPrefix.parse(text).contains(IpAddress.parse(last))).isTrue();
    assertThat(IpPrefix.parse(prefix).overlaps(IpPrefix.parse(last))).isTrue();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "/",
        "10.0.0.0/",
        "10.0.0.0/33",
        "10.0.0.0/-1",
        "::/129",
        "10.0.0.0/2 4",
        "10.0.0.0/24/8"
      })
  void refusesWhatIsNoPrefix(String text) {
    assertThatThrownBy(() -> IpPrefix.parse(text)).isInstanceOf(IllegalArgumentException.class);
  }

  @ParameterizedTest
  @CsvSource({
    "10.0.0.0/24, 10.0.0.128/25, true",
    "10.0.0.0/25, 10.0.0.128/25, false",
    "0.0.0.0/0, 10.0.0.1/32, true",
    "::/0, 0.0.0.0/0, false"
  })
  void knowsWhichPrefixesOverlap(String one, String other, boolean overlap) {
    assertThat(IpPrefix.parse(one).overlaps(IpPrefix.parse(other))).isEqualTo(overlap);
    assertThat(IpPrefix.parse(other).overlaps(IpPrefix.parse(one))).isEqualTo(overlap);
  }

  @ParameterizedTest
  @CsvSource({
    "FA:16:3e:00:00:01, fa:16:3e:00:00:01, false",
    "fa-16-3e-00-00-01, fa:16:3e:00:00:01, false",
    "fa163e000001, fa:16:3e:00:00:01, false",
    "01:00:5e:00:00:01, 01:00:5e:00:00:01, true",
    "ff:ff:ff:ff:ff:ff, ff:ff:ff:ff:ff:ff, true"
  })
  void readsMacAddresses(String text, String canonical, boolean multicast) {
    assertThat(MacAddress.parse(text)).hasToString(canonical);
    assertThat(MacAddress.parse(text).isMulticast()).isEqualTo(multicast);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "fa:16:3e:00:00",
        "fa:16:3e:00:00:0g",
        "fa:16:3e:00:00:01:02",
        "fa:16:3e:00:00:1 "
      })
  void refusesWhatIsNoMacAddress(String text) {
    assertThatThrownBy(() -> MacAddress.parse(text)).isInstanceOf(IllegalArgumentException.class);
  }
}
