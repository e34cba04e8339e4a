package org.nucleon.lab;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Predicate;

/** The frames that arrive at an interface while this is open. */
public final class Capture implements AutoCloseable {
  private final Process process;
  private final List<Frame> frames = new CopyOnWriteArrayList<>();

  private Capture(Process process) {
    this.process = process;
  }

  /** Starts the listening end and waits until it hears. */
  static Capture open(List<String> command) {
    try {
      Process process =
          new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.DISCARD).start();
      BufferedReader lines = process.inputReader(StandardCharsets.UTF_8);
      if (!"capturing".equals(lines.readLine())) {
        throw new LabException(String.join(" ", command) + ": does not capture");
      }
      Capture capture = new Capture(process);
      Thread.ofVirtual().start(() -> capture.listen(lines));
      return capture;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /**
   * What was heard so far.
   *
   * @return the frames in the order of their arrival
   */
  public List<Frame> frames() {
    return List.copyOf(frames);
  }

  /**
   * Whether such a frame was heard so far. To show that one does not pass, send it, then one that
   * does, await that, and ask here for the first: the order of frames on a path is kept.
   *
   * @param wanted which frame
   * @return whether there was one
   */
  public boolean heard(Predicate<Frame> wanted) {
    return frames.stream().anyMatch(wanted);
  }

  /**
   * Waits for a frame.
   *
   * @param limit how long at most
   * @param what the frame in words
   * @param wanted which frame
   * @return the first such frame
   * @throws AssertionError if the limit is reached first
   */
  public Frame await(Duration limit, String what, Predicate<Frame> wanted) {
    return Eventually.within(limit, what, this::frames, all -> all.stream().anyMatch(wanted))
        .stream()
        .filter(wanted)
        .findFirst()
        .orElseThrow();
  }

  @Override
  public void close() {
    process.descendants().forEach(ProcessHandle::destroyForcibly);
    process.destroyForcibly();
  }

  private void listen(BufferedReader lines) {
    try {
      for (String line = lines.readLine(); line != null; line = lines.readLine()) {
        frames.add(Frame.ofHex(line));
      }
    } catch (IOException _) {
      // Closed: there is nothing more to hear.
    }
  }
}
