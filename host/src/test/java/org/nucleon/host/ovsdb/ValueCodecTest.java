package org.nucleon.host.ovsdb;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

final class ValueCodecTest {
  private static final UUID ID = UUID.fromString("6f1c1d8e-0000-4000-8000-000000000001");

  private static JsonNode json(String text) {
    return JsonMapper.shared().readTree(text);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "\"br0\"",
        "42",
        "-1",
        "9223372036854775807",
        "0.5",
        "true",
        "[\"uuid\",\"6f1c1d8e-0000-4000-8000-000000000001\"]",
        "[\"named-uuid\",\"row3\"]",
        "[\"set\",[]]",
        "[\"map\",[]]",
        "[\"map\",[[\"iface-id\",\"x\"]]]",
        "[\"map\",[[0,[\"uuid\",\"6f1c1d8e-0000-4000-8000-000000000001\"]]]]"
      })
  void readsAndWritesTheSame(String text) {
    assertThat(ValueCodec.encode(ValueCodec.decode(json(text)))).hasToString(text);
  }

  @Test
  void aSetOfOneIsItsAtom() {
    assertThat(ValueCodec.decode(json("[\"set\",[7]]"))).isEqualTo(ValueCodec.decode(json("7")));
    assertThat(Value.texts(List.of("a"))).isEqualTo(Value.of("a"));
  }

  @Test
  void setsAndMapsHaveNoOrder() {
    assertThat(ValueCodec.decode(json("[\"set\",[1,2]]")))
        .isEqualTo(ValueCodec.decode(json("[\"set\",[2,1]]")));
    assertThat(ValueCodec.decode(json("[\"map\",[[\"a\",\"1\"],[\"b\",\"2\"]]]")))
        .isEqualTo(Value.of(Map.of("b", "2", "a", "1")));
  }

  @ParameterizedTest
  @ValueSource(strings = {"null", "{}", "[]", "[\"uuid\"]", "[\"colour\",\"red\"]"})
  void refusesWhatIsNoValue(String text) {
    assertThatIllegalArgumentException().isThrownBy(() -> ValueCodec.decode(json(text)));
  }

  @Test
  void anEmptyColumnReadsAsNull() {
    var row = new Row(ID, Map.of("ofport", Value.none(), "ports", Value.of(ID)));
    assertThat(row.integer("ofport")).isNull();
    assertThat(row.references("ports")).containsExactly(ID);
    assertThatIllegalArgumentException().isThrownBy(() -> row.text("name"));
  }

  @Test
  void aDifferenceTurnsMembersOver() {
    Value before = ValueCodec.decode(json("[\"set\",[1,2]]"));
    assertThat(Updates.difference(before, ValueCodec.decode(json("[\"set\",[2,3]]"))))
        .isEqualTo(ValueCodec.decode(json("[\"set\",[1,3]]")));
    assertThat(Updates.difference(before, Value.of(2))).isEqualTo(Value.of(1));
    assertThat(Updates.difference(Value.of(2), Value.of(2))).isEqualTo(Value.none());
  }

  @Test
  void aDifferenceOfMapsRemovesChangesAndAdds() {
    Value before = Value.of(Map.of("gone", "1", "changed", "1", "kept", "1"));
    Value told = Value.of(Map.of("gone", "1", "changed", "2", "new", "3"));
    assertThat(Updates.difference(before, told))
        .isEqualTo(Value.of(Map.of("changed", "2", "kept", "1", "new", "3")));
  }

  @Test
  void aTransactionIsWrittenAsTheRfcSays() {
    var transaction = new Transaction();
    Value port = transaction.insert("Port", Map.of("name", Value.of("p1")));
    transaction
        .demand("Bridge", "br0")
        .mutate("Bridge", Condition.name("br0"), Mutation.insert("ports", port))
        .update("Port", Condition.row(ID), Map.of("tag", Value.none()))
        .delete("Port", Condition.ALL)
        .select("Port", Condition.ALL, "name")
        .comment("why");
    assertThat(OperationCodec.encode("Open_vSwitch", transaction.operations()))
        .isEqualTo(
            json(
                """
                ["Open_vSwitch",
                 {"op":"insert","table":"Port","row":{"name":"p1"},"uuid-name":"row0"},
                 {"op":"wait","table":"Bridge","timeout":0,"until":"==",
                  "where":[["name","==","br0"]],"columns":["name"],"rows":[{"name":"br0"}]},
                 {"op":"mutate","table":"Bridge","where":[["name","==","br0"]],
                  "mutations":[["ports","insert",["named-uuid","row0"]]]},
                 {"op":"update","table":"Port",
                  "where":[["_uuid","==",["uuid","6f1c1d8e-0000-4000-8000-000000000001"]]],
                  "row":{"tag":["set",[]]}},
                 {"op":"delete","table":"Port","where":[]},
                 {"op":"select","table":"Port","where":[],"columns":["name","_uuid"]},
                 {"op":"comment","comment":"why"}]\
                """));
  }

  @Test
  void snapshotsShareWhatDidNotChangeAndTellWhatDid() {
    var row = new Row(ID, Map.of("name", Value.of("a")));
    var renamed = new Row(ID, Map.of("name", Value.of("b")));
    Snapshot one = Snapshot.EMPTY.with(List.of(new RowChange("Port", ID, null, row)));
    Snapshot two = one.with(List.of(new RowChange("Port", ID, row, renamed)));
    assertThat(one.row("Port", ID)).isEqualTo(row);
    assertThat(one.changesTo(two)).containsExactly(new RowChange("Port", ID, row, renamed));
    assertThat(two.changesTo(Snapshot.EMPTY))
        .containsExactly(new RowChange("Port", ID, renamed, null));
    assertThat(Set.copyOf(two.rows("Port"))).containsExactly(renamed);
  }
}
