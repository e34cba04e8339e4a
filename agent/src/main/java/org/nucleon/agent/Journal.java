package org.nucleon.agent;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.nucleon.core.json.Json;

/**
 * What came after a snapshot, a line of JSON each, in numbered files {@code journal.N}: a snapshot
 * says with which of them it goes on. A line is with the kernel before {@link #append} returns, so
 * that it outlives the process; after a loss of power the host itself begins anew.
 */
final class Journal implements AutoCloseable {

  private final Path folder;
  private final Object header;
  private int number;
  private @Nullable FileChannel file;

  /**
   * Of a folder.
   *
   * @param header JSON that is the first line of each file
   */
  Journal(Path folder, Object header) {
    this.folder = folder;
    this.header = header;
  }

  /** The lines of a file and of all that follow it. A last line that was cut off is not one. */
  List<String> read(int first) throws IOException {
    List<String> lines = new ArrayList<>();
    for (number = first; Files.exists(file(number)); number++) {
      String text = Files.readString(file(number));
      lines.addAll(text.substring(0, text.lastIndexOf('\n') + 1).lines().toList());
    }
    return lines;
  }

  private Path file(int which) {
    return folder.resolve("journal." + which);
  }

  /** Begins the next file; returns its number. */
  int rotate() throws IOException {
    close();
    while (Files.exists(file(number))) {
      number++;
    }
    file =
        FileChannel.open(
            file(number),
            Set.of(StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE),
            PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
    append(header);
    return number;
  }

  /** Adds a line, whole or not at all. */
  void append(Object json) throws IOException {
    if (file == null) {
      rotate();
    }
    FileChannel open = java.util.Objects.requireNonNull(file);
    long before = open.position();
    ByteBuffer line = ByteBuffer.wrap((Json.text(json) + "\n").getBytes(StandardCharsets.UTF_8));
    try {
      while (line.hasRemaining()) {
        open.write(line);
      }
    } catch (IOException e) {
      open.truncate(before);
      throw e;
    }
  }

  /** Bytes in the file that is written. */
  long size() throws IOException {
    return file == null ? 0 : file.position();
  }

  /** Removes the files before one. */
  void removeBefore(int first) throws IOException {
    for (Path old : files()) {
      if (number(old) < first) {
        Files.delete(old);
      }
    }
  }

  /** Puts every file out of the way. */
  void putAside() throws IOException {
    close();
    for (Path old : files()) {
      Files.move(
          old,
          old.resolveSibling("broken." + old.getFileName()),
          java.nio.file.StandardCopyOption.REPLACE_EXISTING);
    }
    number = 0;
  }

  private List<Path> files() throws IOException {
    try (var entries = Files.newDirectoryStream(folder, "journal.[0-9]*")) {
      List<Path> files = new ArrayList<>();
      entries.forEach(files::add);
      return files;
    }
  }

  private static int number(Path file) {
    return Integer.parseInt(file.getFileName().toString().substring("journal.".length()));
  }

  @Override
  public void close() throws IOException {
    if (file != null) {
      file.close();
      file = null;
    }
  }
}
