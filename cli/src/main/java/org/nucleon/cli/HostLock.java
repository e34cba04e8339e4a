package org.nucleon.cli;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/** The right to change this host: one process has it, whatever state folder it uses. */
final class HostLock implements AutoCloseable {

  private static final Path FILE = Path.of("/run/nucleon-agent.lock");

  private final FileChannel file;

  private HostLock(FileChannel file) {
    this.file = file;
  }

  /**
   * Takes it.
   *
   * @throws Refusal if another process has it, or this one is not root
   */
  static HostLock take() throws Refusal {
    try {
      FileChannel file =
          FileChannel.open(FILE, StandardOpenOption.CREATE, StandardOpenOption.WRITE);
      if (isLocked(file)) {
        return new HostLock(file);
      }
      file.close();
      throw new Refusal("an agent is running on this host; end it first");
    } catch (IOException e) {
      throw new Refusal("cannot lock " + FILE + ": " + Causes.plain(e));
    }
  }

  private static boolean isLocked(FileChannel file) throws IOException {
    try {
      return file.tryLock() != null;
    } catch (OverlappingFileLockException e) {
      return false; // by this very process
    }
  }

  @Override
  public void close() {
    try {
      file.close();
    } catch (IOException e) {
      System.getLogger("nucleon").log(System.Logger.Level.DEBUG, "the host's lock", e);
    }
  }
}
