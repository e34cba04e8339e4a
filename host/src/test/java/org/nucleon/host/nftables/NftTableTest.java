package org.nucleon.host.nftables;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class NftTableTest {
  private static final NftRule DROP = NftRule.of(Expression.Verdict.DROP);
  private static final Hook FORWARD = new Hook(Hook.Type.FILTER, Hook.Point.FORWARD, 0, false);

  private static NftTable table(NftRule... rules) {
    return new NftTable(
        Family.IP,
        "t",
        List.of(new NftChain("c", FORWARD, List.of(rules))),
        List.of(NftSet.set("s", DataType.IPV4, List.of(Data.ip("10.0.0.1")))));
  }

  private static TableState state(Hook hook, List<String> comments, Map<String, String> elements) {
    return new TableState(
        Map.of("c", new TableState.ChainState(hook, comments)),
        Map.of("s", new TableState.SetState(false, "ipv4_addr", false, elements)));
  }

  @Test
  void nothingThereIsMadeWhole() {
    assertThat(table(DROP).text().lines())
        .containsExactly(
            "add table ip t",
            "add set ip t s { type ipv4_addr; }",
            "add element ip t s { 10.0.0.1 }",
            "add chain ip t c { type filter hook forward priority 0; policy accept; }",
            "add rule ip t c drop comment \"" + DROP.hash() + "\"");
  }

  @Test
  void whatIsRightIsNotTouched() {
    assertThat(
            table(DROP)
                .difference(
                    Optional.of(state(FORWARD, List.of(DROP.hash()), Map.of("10.0.0.1", "")))))
        .isEmpty();
  }

  @Test
  void onlyTheChainThatDiffersIsRefilled() {
    String commands =
        table(DROP)
            .difference(Optional.of(state(FORWARD, List.of("", ""), Map.of("10.0.0.1", ""))))
            .orElseThrow();
    assertThat(commands.lines())
        .containsExactly(
            "flush chain ip t c", "add rule ip t c drop comment \"" + DROP.hash() + "\"");
  }

  @Test
  void anotherHookReplacesTheTableInOneTransaction() {
    Hook other = new Hook(Hook.Type.FILTER, Hook.Point.FORWARD, 10, false);
    assertThat(
            table(DROP)
                .difference(Optional.of(state(other, List.of(DROP.hash()), Map.of())))
                .orElseThrow())
        .isEqualTo("delete table ip t\n" + table(DROP).text());
  }

  @Test
  void elementsOfStrangersThatHaveNoWordAreFlushed() {
    String commands =
        table(DROP)
            .difference(
                Optional.of(
                    state(FORWARD, List.of(DROP.hash()), Map.of("1 }; delete table ip x", ""))))
            .orElseThrow();
    assertThat(commands.lines())
        .containsExactly("flush set ip t s", "add element ip t s { 10.0.0.1 }");
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "a b", "a;b", "a\nb", "a}", "\"a\"", "@a", "1a"})
  void namesCannotCarryCommands(String name) {
    assertThatThrownBy(() -> new NftChain(name, null, List.of()))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> NftSet.set(name, DataType.IPV4, List.of()))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> new Expression.Jump(name))
        .isInstanceOf(IllegalArgumentException.class);
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "a b", "a\"", "tap*", "a\n", "sixteen-letters."})
  void deviceNamesCannotCarryCommands(String name) {
    assertThatThrownBy(() -> new Data.Device(name)).isInstanceOf(IllegalArgumentException.class);
  }
}
