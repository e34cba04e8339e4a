package org.nucleon.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import java.util.logging.Level;
import java.util.logging.LogRecord;
import org.junit.jupiter.api.Test;
import org.nucleon.core.json.Json;
import org.nucleon.core.json.MalformedJson;

final class LogLineTest {

  private static LogRecord forged() {
    LogRecord entry =
        new LogRecord(Level.INFO, "name\r\n2026 INFO root: all is well\u001b[2J\u2028{0}");
    entry.setLoggerName("nucleon.test");
    entry.setThrown(new IllegalStateException("two\nlines", new RuntimeException("below")));
    return entry;
  }

  @Test
  void nobodyForgesALineOfText() {
    String line = new LogLine(false).format(forged());
    assertThat(line.lines()).hasSize(1);
    assertThat(line)
        .endsWith("\n")
        .contains("INFO", "nucleon.test", "name\\u000d\\u000a2026", "two\\u000alines", "below")
        .doesNotContain("\u001b", "\u2028");
  }

  @Test
  void jsonLinesAreJson() throws MalformedJson {
    String line = new LogLine(true).format(forged());
    assertThat(line.lines()).hasSize(1);
    Map<?, ?> json = (Map<?, ?>) Json.parse(line.strip());
    assertThat(json.get("level")).isEqualTo("INFO");
    assertThat((String) json.get("message")).startsWith("name\r\n2026");
    assertThat((String) json.get("thrown")).contains("two\nlines", "caused by", "LogLineTest");
  }
}
