package org.nucleon.host.nftables;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.InetAddress;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.nucleon.host.ethernet.IpPrefix;
import org.nucleon.host.namespace.NetworkNamespace;

@Tag("lab")
class NftablesTest {
  private static final Data.Device OUTSIDE = new Data.Device("qg-1");
  private static final Data.Device INSIDE = new Data.Device("qr-1");

  private NetworkNamespace namespace;
  private Nftables nftables;

  @BeforeEach
  void open() throws Exception {
    namespace = NetworkNamespace.create("nft-a");
    nftables = Nftables.open(namespace);
  }

  @AfterEach
  void close() throws Exception {
    nftables.close();
    namespace.close();
    NetworkNamespace.delete("nft-a");
  }

  private static NftTable router(Family family, Map<String, String> floating) {
    Map<Data, Data> in = new HashMap<>();
    Map<Data, Data> out = new HashMap<>();
    floating.forEach((outside, inside) -> {
      in.put(Data.ip(outside), Data.ip(inside));
      out.put(Data.ip(inside), Data.ip(outside));
    });
    var port80 = Expression.is(Field.TCP_DESTINATION, new Data.Numeral(80));
    var metadata = Expression.is(Field.IP_DESTINATION, Data.ip("169.254.169.254"));
    var prerouting =
        List.of(
            NftRule.of(
                Expression.is(Field.IN, INSIDE), metadata, port80, new Expression.Redirect(9697)),
            NftRule.of(new Expression.DestinationByMap(Field.IP_DESTINATION, "floating_in")));
    var postrouting =
        List.of(
            NftRule.of(
                Expression.is(Field.OUT, OUTSIDE),
                new Expression.SourceByMap(Field.IP_SOURCE, "floating_out")),
            NftRule.of(
                new Expression.DestinationTranslated(),
                Expression.is(Field.OUT, INSIDE),
                new Expression.Masquerade()),
            NftRule.of(
                Expression.is(Field.OUT, OUTSIDE),
                new Expression.In(Field.IP_SOURCE, false, "inside"),
                new Expression.SourceTo(InetAddress.ofLiteral("192.0.2.1"))));
    return new NftTable(
        family,
        "nucleon",
        List.of(
            new NftChain(
                "prerouting",
                new Hook(Hook.Type.NAT, Hook.Point.PREROUTING, -100, false),
                prerouting),
            new NftChain(
                "postrouting",
                new Hook(Hook.Type.NAT, Hook.Point.POSTROUTING, 100, false),
                postrouting),
            new NftChain(
                "forward",
                new Hook(Hook.Type.FILTER, Hook.Point.FORWARD, 0, true),
                List.of(
                    NftRule.of(
                        new Expression.ConnectionState(
                            Set.of(
                                Expression.ConnectionState.State.ESTABLISHED,
                                Expression.ConnectionState.State.RELATED)),
                        Expression.Verdict.ACCEPT),
                    NftRule.of(new Expression.Jump("checks")))),
            new NftChain("checks", null, List.of(NftRule.of(new Expression.Counter())))),
        List.of(
            NftSet.map("floating_in", DataType.IPV4, DataType.IPV4, in),
            NftSet.map("floating_out", DataType.IPV4, DataType.IPV4, out),
            NftSet.set("inside_devices", DataType.DEVICE, List.of(INSIDE)),
            NftSet.networks(
                "inside",
                DataType.IPV4,
                List.of(
                    new Data.Network(IpPrefix.parse("10.0.0.0/24")),
                    new Data.Network(IpPrefix.parse("10.0.1.7/32")))),
            NftSet.set("hosts6", DataType.IPV6, List.of(Data.ip("2001:db8::1")))));
  }

  private static final Map<String, String> TWO =
      Map.of("192.0.2.10", "10.0.0.10", "192.0.2.11", "10.0.0.11");

  private String nft(String... arguments) throws Exception {
    var command = Stream.concat(Stream.of("nft"), Stream.of(arguments)).toList();
    Process process = namespace.start(new ProcessBuilder(command).redirectErrorStream(true));
    String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(process.waitFor()).as(output).isZero();
    return output;
  }

  @ParameterizedTest
  @EnumSource(
      value = Family.class,
      names = {"IP", "INET"})
  void whatWasAppliedReadsBackEqual(Family family) throws Exception {
    NftTable table = router(family, TWO);
    // IPv6 sets are allowed in tables of any family.
    assertThat(nftables.apply(table)).isPresent();
    assertThat(nftables.apply(table)).isEmpty();
    assertThat(nft("list", "table", family.text(), "nucleon"))
        .contains("192.0.2.10 : 10.0.0.10", "policy drop", "redirect to :9697");
    assertThat(nftables.read(Family.IP6, "nucleon")).isEmpty();
  }

  @Test
  void oneMoreFloatingIpIsTwoElements() throws Exception {
    nftables.apply(router(Family.IP, TWO));
    Map<String, String> three = new HashMap<>(TWO);
    three.put("192.0.2.12", "10.0.0.12");
    three.put("192.0.2.11", "10.0.0.99");
    assertThat(nftables.apply(router(Family.IP, three)).orElseThrow().lines())
        .containsExactly(
            "delete element ip nucleon floating_in { 192.0.2.11 : 10.0.0.11 }",
            "add element ip nucleon floating_in"
                + " { 192.0.2.11 : 10.0.0.99, 192.0.2.12 : 10.0.0.12 }",
            "delete element ip nucleon floating_out { 10.0.0.11 : 192.0.2.11 }",
            "add element ip nucleon floating_out"
                + " { 10.0.0.12 : 192.0.2.12, 10.0.0.99 : 192.0.2.11 }");
    assertThat(nftables.apply(router(Family.IP, three))).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "flush chain ip nucleon postrouting",
        "delete element ip nucleon floating_in { 192.0.2.10 }",
        "add element ip nucleon inside { 10.77.0.0/16 }",
        "add element ip nucleon inside { 10.78.0.1-10.78.0.5 }",
        "add element ip nucleon inside_devices { tap7 }",
        "add rule ip nucleon forward accept",
        "insert rule ip nucleon checks drop",
        "add chain ip nucleon strange; add rule ip nucleon checks jump strange",
        "add set ip nucleon strange { type mark; elements = { 7 } };"
            + "add rule ip nucleon checks meta mark @strange drop",
        "add chain ip nucleon forward { policy accept; }",
        "delete table ip nucleon",
        "flush chain ip nucleon forward; delete chain ip nucleon forward",
      })
  void driftMadeByHandIsRepaired(String drift) throws Exception {
    NftTable table = router(Family.IP, TWO);
    nftables.apply(table);
    nft("add table ip other { chain c { counter; } ; }");
    String before = nft("-s", "list", "table", "ip", "nucleon");
    nft(drift);
    assertThat(nftables.apply(table)).isPresent();
    assertThat(nftables.apply(table)).isEmpty();
    assertThat(nft("-s", "list", "table", "ip", "nucleon").lines().sorted().toList())
        .isEqualTo(before.lines().sorted().toList());
    assertThat(nft("list", "tables")).contains("table ip other");
  }

  @Test
  void repairOfOneChainLeavesTheOthersRulesAlone() throws Exception {
    NftTable table = router(Family.IP, TWO);
    nftables.apply(table);
    nft("flush chain ip nucleon forward");
    assertThat(nftables.apply(table).orElseThrow())
        .contains("add rule ip nucleon forward")
        .doesNotContain("postrouting", "prerouting", "checks {", "floating", "table ip nucleon {");
  }

  @Test
  void refusedRulesetChangesNothingAndSaysWhy() throws Exception {
    assertThatThrownBy(() -> nftables.run("add table ip one\nadd rule ip one none counter\n"))
        .isInstanceOf(NftablesException.class)
        .hasMessageContaining("No such file or directory");
    assertThat(nft("list", "tables")).isEmpty();
  }

  @Test
  void checkChangesNothing() throws Exception {
    nftables.check("add table ip one");
    assertThat(nft("list", "tables")).isEmpty();
    assertThatThrownBy(() -> nftables.check("add tble ip one"))
        .isInstanceOf(NftablesException.class)
        .hasMessageContaining("syntax error");
  }
}
