package org.nucleon.host.process;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Set;

/**
 * A file that a program reads.
 *
 * @param path absolute
 * @param content all of it
 * @param secret whether only its owner may read it (0600); else all may (0644)
 */
public record ConfigFile(Path path, String content, boolean secret) {
  /**
   * Checks the path.
   *
   * @throws IllegalArgumentException if it is not absolute, or lies in the root directory
   */
  public ConfigFile {
    if (!path.isAbsolute() || path.getParent() == null || path.getParent().getParent() == null) {
      throw new IllegalArgumentException("not an absolute path in a directory: " + path);
    }
  }

  /**
   * Whether the file is there with this content.
   *
   * @throws IOException if it cannot be read
   */
  public boolean isWritten() throws IOException {
    try {
      return Files.readString(path).equals(content)
          && Files.getPosixFilePermissions(path).equals(permissions());
    } catch (NoSuchFileException e) {
      return false;
    }
  }

  /**
   * Makes the file what it should be, in one step for whoever reads it. The unfinished file lies
   * one directory higher: programs that watch the directory would take it for one of theirs.
   *
   * @return whether anything had to be done
   * @throws IOException if it cannot be written
   */
  public boolean write() throws IOException {
    if (isWritten()) {
      return false;
    }
    Path outside = path.resolve("../..").normalize();
    Files.createDirectories(path.resolve("..").normalize());
    Path unfinished = Files.createTempFile(outside, "." + path.getFileName() + ".", ".new");
    try {
      Files.writeString(unfinished, content);
      Files.setPosixFilePermissions(unfinished, permissions());
      Files.move(unfinished, path, StandardCopyOption.ATOMIC_MOVE);
    } finally {
      Files.deleteIfExists(unfinished);
    }
    return true;
  }

  private Set<PosixFilePermission> permissions() {
    return PosixFilePermissions.fromString(secret ? "rw-------" : "rw-r--r--");
  }

  /** The path only: the content may be secret. */
  @Override
  public String toString() {
    return "ConfigFile[" + path + "]";
  }
}
