package org.nucleon.core.json;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class JsonTest {

  @ParameterizedTest
  @ValueSource(
      strings = {
        "null",
        "true",
        "0",
        "-7",
        "123456789012",
        "123456789012345678901234567890",
        "1.5",
        "\"x\"",
        "\"\\u00e9\\ud83d\\ude00\\n\"",
        "[]",
        "{}",
        "{\"a\":[1,{\"b\":null}],\"c\":\"\"}"
      })
  void readsBackWhatItWrites(String text) throws MalformedJson {
    Object value = Json.parse(text);
    assertThat(Json.parse(Json.text(value))).isEqualTo(value);
    assertThat(Json.parse(Json.bytes(value))).isEqualTo(value);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        " ",
        "{",
        "[1,",
        "{\"a\":1,\"a\":2}",
        "1 2",
        "{}{}",
        "nul",
        "'x'",
        "{a:1}",
        "[1,]",
        "NaN",
        "\"\\u0000\"",
        "{\"a\\u0000\":1}",
        "\"\\ud800\"",
        "\"\\udc00x\"",
        "\"\u0001\"",
        "01",
        "//x\n1"
      })
  void refusesWhatIsNotOneValueThatCanBeStored(String text) {
    assertThatThrownBy(() -> Json.parse(text)).isInstanceOf(MalformedJson.class);
  }

  @Test
  void refusesBytesThatAreNotUtf8() {
    byte[] latin = "\"\u00e9\"".getBytes(StandardCharsets.ISO_8859_1);
    assertThatThrownBy(() -> Json.parse(latin)).isInstanceOf(MalformedJson.class);
  }

  @Test
  void boundsDepthAndNumbers() throws MalformedJson {
    String deep = "[".repeat(Json.MAX_DEPTH) + "]".repeat(Json.MAX_DEPTH);
    assertThat(Json.parse(deep)).isInstanceOf(List.class);
    assertThatThrownBy(() -> Json.parse("[" + deep + "]")).isInstanceOf(MalformedJson.class);
    assertThatThrownBy(() -> Json.parse("9".repeat(1_000))).isInstanceOf(MalformedJson.class);
    assertThatThrownBy(() -> Json.parse("1e999999999")).isInstanceOf(MalformedJson.class);
  }

  @Test
  void keepsTheOrderOfMembers() throws MalformedJson {
    assertThat(((Map<?, ?>) Json.parse("{\"b\":1,\"a\":2}")).keySet().toString())
        .isEqualTo("[b, a]");
  }
}
