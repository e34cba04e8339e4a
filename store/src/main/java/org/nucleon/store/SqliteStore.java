package org.nucleon.store;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import org.jspecify.annotations.Nullable;
import org.nucleon.core.transaction.Store;
import org.nucleon.core.transaction.StoreException;

/** The embedded store: one SQLite file, for one server. A lock file keeps a second server away. */
public final class SqliteStore {

  private static final String FILE = "nucleon.db";

  private SqliteStore() {}

  /** Whether a folder has a database. */
  public static boolean isIn(Path folder) {
    return Files.exists(folder.resolve(FILE));
  }

  /**
   * Opens or creates the database in a folder, which only its owner can read.
   *
   * @throws StoreException if it cannot, or another server has it; the message is for people
   */
  public static Store open(Path folder) throws StoreException {
    try {
      Files.createDirectories(
          folder,
          PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
      FileChannel lockFile =
          FileChannel.open(
              folder.resolve("lock"), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
      if (tryLock(lockFile) == null) {
        lockFile.close();
        throw new StoreException(
            "another server is using the state folder " + folder, new IOException("locked"));
      }
      return open(lockFile, folder);
    } catch (IOException e) {
      throw new StoreException("cannot open the database in " + folder + ": " + e.getMessage(), e);
    }
  }

  private static Store open(FileChannel lockFile, Path folder) throws StoreException, IOException {
    try {
      return new JdbcStore(new SqliteDialect(folder.resolve(FILE)), () -> unlock(lockFile));
    } catch (StoreException e) {
      lockFile.close();
      throw new StoreException(e.getMessage() + " (in " + folder + ")", e, e.kind());
    }
  }

  private static @Nullable FileLock tryLock(FileChannel file) throws IOException {
    try {
      return file.tryLock();
    } catch (OverlappingFileLockException e) {
      return null; // another store of this very process
    }
  }

  private static void unlock(FileChannel lockFile) {
    try {
      lockFile.close();
    } catch (IOException e) {
      System.getLogger("nucleon.store").log(System.Logger.Level.WARNING, "closing the store", e);
    }
  }
}
