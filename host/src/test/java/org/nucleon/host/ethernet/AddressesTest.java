package org.nucleon.host.ethernet;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class AddressesTest {
  @Test
  void macReadsAndWritesTheSame() {
    MacAddress mac = MacAddress.parse("FA:16:3e:00:ff:01");
    assertThat(mac).hasToString("fa:16:3e:00:ff:01");
    assertThat(MacAddress.of(mac.bytes())).isEqualTo(mac);
    assertThat(MacAddress.parse("00:00:00:00:00:01")).isLessThan(mac);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"", "fa:16:3e:00:00", "fa-16-3e-00-00-01", "fa:16:3e:00:00:0g", "1:2:3:4:5:6"})
  void whatIsNoMacIsRefused(String text) {
    assertThatThrownBy(() -> MacAddress.parse(text)).isInstanceOf(IllegalArgumentException.class);
  }

  @ParameterizedTest
  @CsvSource({
    "10.1.2.3/24, 10.1.2.0/24",
    "10.1.2.3/0, 0.0.0.0/0",
    "10.1.2.255/31, 10.1.2.254/31",
    "10.1.2.3, 10.1.2.3/32",
    "2001:db8:ffff::1/33, 2001:db8:8000::/33",
  })
  void networkHasNoHostBits(String text, String network) {
    assertThat(IpPrefix.parse(text).network()).isEqualTo(IpPrefix.parse(network));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"10.0.0.0/33", "10.0.0.0/-1", "2001:db8::/129", "localhost", "a/24", "10.0.0.0/"})
  void whatIsNoPrefixIsRefusedAndNeverLookedUp(String text) {
    assertThatThrownBy(() -> IpPrefix.parse(text)).isInstanceOf(IllegalArgumentException.class);
  }
}
