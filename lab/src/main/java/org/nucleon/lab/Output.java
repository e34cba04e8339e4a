package org.nucleon.lab;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.CompletableFuture;

/**
 * What a program left behind.
 *
 * @param command the program and its arguments
 * @param status its exit status, 0 for success
 * @param out its standard output
 * @param err its standard error
 */
public record Output(List<String> command, int status, String out, String err) {
  /** Keeps its own copy of the command. */
  public Output {
    command = List.copyOf(command);
  }

  /**
   * Runs a program to its end.
   *
   * @param command the program and its arguments
   * @return what it left behind, whatever its exit status
   * @throws LabException if it can't be started, or the wait is interrupted
   */
  public static Output of(List<String> command) {
    ProcessBuilder builder = new ProcessBuilder(command);
    builder.environment().put("PATH", "/usr/sbin:/usr/bin:/sbin:/bin");
    builder.environment().put("LC_ALL", "C.UTF-8");
    try {
      Process process = builder.start();
      process.getOutputStream().close();
      CompletableFuture<String> err = new CompletableFuture<>();
      Thread.ofVirtual().start(() -> err.complete(text(process.getErrorStream())));
      String out = text(process.getInputStream());
      return new Output(command, process.waitFor(), out, err.join());
    } catch (IOException e) {
      throw new LabException(String.join(" ", command) + ": " + e.getMessage(), e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new LabException(String.join(" ", command) + ": interrupted", e);
    }
  }

  /**
   * Demands success.
   *
   * @return the standard output, without the white space around it
   * @throws LabException if the exit status is not 0; the message carries all output
   */
  public String expectSuccess() {
    if (status != 0) {
      throw new LabException(
          String.join(" ", command) + ": exit status " + status + "\n" + out + err);
    }
    return out.strip();
  }

  private static String text(InputStream stream) {
    try (stream) {
      return new String(stream.readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
