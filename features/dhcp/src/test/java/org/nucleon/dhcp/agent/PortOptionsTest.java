package org.nucleon.dhcp.agent;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.nucleon.dhcp.api.ExtraDhcpOption;

/** What of users' options reaches dnsmasq's configuration, and in which words. */
final class PortOptionsTest {

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "bootfile-name|pxelinux.0|option:bootfile-name,pxelinux.0",
        "67|http://boot.example.com/a b?x=1&y=%20|"
            + "option:bootfile-name,http://boot.example.com/a b?x=1&y=%20",
        "tftp-server|10.0.0.9|option:tftp-server,10.0.0.9",
        "server-ip-address|10.0.0.9|option:server-ip-address,10.0.0.9",
        "150|10.0.0.9|option:tftp-server-address,10.0.0.9",
        "dns-server|10.0.0.8,10.0.0.9|option:dns-server,10.0.0.8,10.0.0.9",
        "router|``|option:router",
        "classless-static-route|10.1.0.0/16,10.0.0.9,0.0.0.0/0,10.0.0.1|"
            + "option:classless-static-route,10.1.0.0/16,10.0.0.9,0.0.0.0/0,10.0.0.1",
        "mtu|1400|option:mtu,1400",
        "domain-search|a.example.com,b.example.com|"
            + "option:domain-search,a.example.com,b.example.com",
        "43|01:04:00:00:00:00|43,01:04:00:00:00:00",
        "209|pxelinux.cfg/default|209,pxelinux.cfg/default",
      })
  void tells(String name, String value, String line) {
    assertThat(PortOptions.line(new ExtraDhcpOption(name, value, 4))).contains(line);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "dns-server|2001:db8::53|option6:dns-server,[2001:db8::53]",
        "23|[2001:db8::53],2001:db8::54|option6:dns-server,[2001:db8::53],[2001:db8::54]",
        "domain-search|a.example.com|option6:domain-search,a.example.com",
        "59|http://boot.example.com/x|option6:bootfile-url,http://boot.example.com/x",
        "100|something|option6:100,something",
      })
  void tellsOfIpv6(String name, String value, String line) {
    assertThat(PortOptions.line(new ExtraDhcpOption(name, value, 6))).contains(line);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "dns-server|10.0.0.1",
        "dns-server|2001:db8::53,",
        "bootfile-name|x",
        "domain-search|a b",
        "2|x",
        "65536|x",
        "59|a#b",
        "option6:59|x",
      })
  void leavesOutOfIpv6(String name, String value) {
    assertThat(PortOptions.line(new ExtraDhcpOption(name, value, 6))).isEmpty();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "no-such-option|x",
        "router|fd00::1",
        "router|nowhere",
        "dns-server|10.0.0.1,",
        "mtu|65536",
        "mtu|large",
        "bootfile-name|a,b",
        "bootfile-name|a #b",
        "bootfile-name|a\"b",
        "bootfile-name|a\\b",
        "bootfile-name|é",
        "bootfile-name|``",
        "classless-static-route|10.1.0.0/16",
        "classless-static-route|10.1.0.0,10.0.0.9",
        "server-ip-address|10.0.0.1,10.0.0.2",
        "0|x",
        "53|5",
        "93|0",
        "255|10.0.0.1",
        "999|x",
        "tag:ipxe,67|x",
        "67,option:router|10.0.0.1",
        "option:router|10.0.0.1",
      })
  void leavesOut(String name, String value) {
    assertThat(PortOptions.line(new ExtraDhcpOption(name, value, 4))).isEmpty();
  }
}
