package org.nucleon.cli;

import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.logging.Formatter;
import java.util.logging.LogRecord;
import org.jspecify.annotations.Nullable;
import org.nucleon.core.json.Json;

/**
 * A log record as one line, of text or JSON. What a client sent may be in a message, so control
 * characters are escaped: nobody writes log lines but us.
 */
final class LogLine extends Formatter {

  private static final int MAX_FRAMES = 20;
  private static final DateTimeFormatter TIME =
      DateTimeFormatter.ofPattern("yyyy-MM-dd'T'HH:mm:ss.SSS'Z'").withZone(ZoneOffset.UTC);

  private final boolean json;

  LogLine(boolean json) {
    this.json = json;
  }

  @Override
  public String format(LogRecord entry) {
    String message = formatMessage(entry);
    Throwable thrown = entry.getThrown();
    if (!json) {
      String cause = thrown == null ? "" : ": " + trace(thrown);
      return "%s %-7s %s: %s%n"
          .formatted(
              TIME.format(entry.getInstant()),
              entry.getLevel(),
              entry.getLoggerName(),
              escaped(message + cause));
    }
    Map<String, @Nullable Object> line = new LinkedHashMap<>();
    line.put("time", TIME.format(entry.getInstant()));
    line.put("level", entry.getLevel().getName());
    line.put("logger", entry.getLoggerName());
    line.put("message", message);
    if (thrown != null) {
      line.put("thrown", trace(thrown));
    }
    return Json.text(line) + "\n";
  }

  private static String trace(Throwable thrown) {
    StringBuilder text = new StringBuilder();
    for (Throwable cause = thrown; cause != null; cause = cause.getCause()) {
      text.append(text.isEmpty() ? "" : "; caused by ").append(cause);
      StackTraceElement[] frames = cause.getStackTrace();
      for (int i = 0; i < Math.min(frames.length, MAX_FRAMES); i++) {
        text.append(i == 0 ? " at " : ", ").append(frames[i]);
      }
    }
    return text.toString();
  }

  /** The text with control characters and line separators written as Java escapes. */
  static String escaped(String text) {
    StringBuilder clean = new StringBuilder(text.length());
    text.codePoints()
        .forEach(c -> {
          if (Character.isISOControl(c) || c == 0x2028 || c == 0x2029) {
            clean.append("\\u%04x".formatted(c));
          } else {
            clean.appendCodePoint(c);
          }
        });
    return clean.toString();
  }
}
