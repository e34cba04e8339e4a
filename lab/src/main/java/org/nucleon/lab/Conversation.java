package org.nucleon.lab;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** One TCP connection from a guest to an echo service, to see whether it lives on. */
public final class Conversation implements AutoCloseable {
  private final Process process;
  private final BufferedReader heard;
  private final Writer said;

  private Conversation(Process process) {
    this.process = process;
    this.heard = process.inputReader(StandardCharsets.UTF_8);
    this.said = process.outputWriter(StandardCharsets.UTF_8);
  }

  /** Starts the talking end and waits until it is connected. */
  static Conversation open(List<String> command) {
    try {
      Conversation conversation =
          new Conversation(
              new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.DISCARD).start());
      if (!"connected".equals(conversation.heard.readLine())) {
        throw new LabException(String.join(" ", command) + ": no connection");
      }
      return conversation;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /**
   * Says a line and waits for its echo.
   *
   * @param line a line without its end
   * @return the echo, or null if the connection has ended or ten seconds went by
   */
  public @Nullable String say(String line) {
    try {
      said.write(line + "\n");
      said.flush();
      return heard.readLine();
    } catch (IOException _) {
      // The talking end is gone, and the connection with it.
      return null;
    }
  }

  @Override
  public void close() {
    process.descendants().forEach(ProcessHandle::destroyForcibly);
    process.destroyForcibly();
  }
}
