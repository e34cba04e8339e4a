package org.nucleon.store;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.nucleon.core.resource.Resource.Head;
import org.nucleon.core.state.Claim;
import org.nucleon.core.transaction.Store;
import org.nucleon.core.transaction.StoreException;
import org.sqlite.SQLiteConfig;
import org.sqlite.SQLiteErrorCode;
import org.sqlite.SQLiteException;
import org.sqlite.SQLiteOpenMode;

/**
 * The store in one SQLite file, for one server: write-ahead log, and an fsync with every commit
 * ({@code synchronous=FULL}). A lock file keeps a second server away.
 */
public final class SqliteStore implements Store {

  /** What this release writes; a newer schema is refused, an older one upgraded. */
  private static final int SCHEMA = 1;

  /** The log keeps this many change sets for those who follow it. */
  private static final int KEPT_CHANGES = 100_000;

  private final FileChannel lockFile;
  private final Connection connection;
  private Statements statements;
  private long nextTrim;

  /** The driver closes a statement that failed, such as for want of room. */
  private boolean failed;

  /**
   * Opens or creates the database in a folder, which only its owner can read.
   *
   * @throws StoreException if it cannot, or another server has it; the message is for people
   */
  public static SqliteStore open(Path folder) throws StoreException {
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
      return open(lockFile, folder.resolve("nucleon.db"));
    } catch (IOException | SQLException e) {
      throw new StoreException("cannot open the database in " + folder + ": " + e.getMessage(), e);
    }
  }

  private static SqliteStore open(FileChannel lockFile, Path file)
      throws SQLException, StoreException, IOException {
    Connection connection = null;
    try {
      connection = connect(file);
      return new SqliteStore(lockFile, connection);
    } catch (SQLException | StoreException e) {
      if (connection != null) {
        connection.close();
      }
      lockFile.close();
      throw e;
    }
  }

  private static @Nullable FileLock tryLock(FileChannel file) throws IOException {
    try {
      return file.tryLock();
    } catch (OverlappingFileLockException e) {
      return null; // another store of this very process
    }
  }

  private static Connection connect(Path file) throws SQLException {
    SQLiteConfig config = new SQLiteConfig();
    config.setOpenMode(SQLiteOpenMode.READWRITE);
    config.setOpenMode(SQLiteOpenMode.CREATE);
    config.setJournalMode(SQLiteConfig.JournalMode.WAL);
    config.setSynchronous(SQLiteConfig.SynchronousMode.FULL);
    config.setLockingMode(SQLiteConfig.LockingMode.EXCLUSIVE);
    config.enforceForeignKeys(true);
    config.setTransactionMode(SQLiteConfig.TransactionMode.IMMEDIATE);
    return config.createConnection("jdbc:sqlite:" + file);
  }

  private SqliteStore(FileChannel lockFile, Connection connection)
      throws SQLException, StoreException {
    this.lockFile = lockFile;
    this.connection = connection;
    migrate();
    this.statements = new Statements(connection);
  }

  private void migrate() throws SQLException, StoreException {
    try (Statement statement = connection.createStatement()) {
      int version;
      try (ResultSet row = statement.executeQuery("PRAGMA user_version")) {
        version = row.getInt(1);
      }
      if (version > SCHEMA) {
        throw new StoreException(
            "the database has schema " + version + ", this release knows " + SCHEMA,
            new IllegalStateException("newer schema"));
      }
      if (version == 0) { // all tables or none, should the process end here
        statement.executeUpdate(Statements.BEGIN);
        for (String sql : Statements.SCHEMA.split(";\n")) {
          statement.executeUpdate(sql);
        }
        statement.executeUpdate("PRAGMA user_version = " + SCHEMA);
        statement.executeUpdate(Statements.COMMIT);
      }
    }
  }

  @Override
  public Contents load() throws StoreException {
    try (Statement statement = connection.createStatement()) {
      long number;
      try (ResultSet row = statement.executeQuery("SELECT number FROM counter")) {
        number = row.getLong(1);
      }
      List<StoredResource> resources = new ArrayList<>();
      try (ResultSet row =
          statement.executeQuery(
              "SELECT id, type, project, revision, created, updated, number, document FROM resource")) {
        while (row.next()) {
          Head head =
              new Head(
                  UUID.fromString(row.getString(1)),
                  row.getString(3),
                  row.getInt(4),
                  Instant.ofEpochSecond(row.getLong(5)),
                  Instant.ofEpochSecond(row.getLong(6)),
                  row.getLong(7));
          resources.add(new StoredResource(row.getString(2), head, row.getString(8)));
        }
      }
      Map<Claim, UUID> claims = new HashMap<>();
      try (ResultSet row = statement.executeQuery("SELECT kind, scope, value, owner FROM claim")) {
        while (row.next()) {
          claims.put(
              new Claim(row.getString(1), row.getString(2), row.getString(3)),
              UUID.fromString(row.getString(4)));
        }
      }
      return new Contents(number, resources, claims);
    } catch (SQLException e) {
      throw new StoreException("cannot read the database: " + e.getMessage(), e);
    }
  }

  @Override
  public Batch begin(long known) throws StoreException {
    try {
      if (failed) {
        statements.close();
        statements = new Statements(connection);
        failed = false;
      }
      run(statements.begin);
      return new SqliteBatch();
    } catch (SQLException e) {
      throw failure("cannot begin a batch", e);
    }
  }

  private final class SqliteBatch implements Batch {

    private long last;

    @Override
    public List<StoredChangeSet> others() {
      return List.of(); // the lock file keeps others away
    }

    @Override
    public void write(StoredChangeSet set) throws StoreException {
      try {
        releaseClaims(set.released());
        for (StoredChange change : set.changes()) {
          if (!change.isNew()) {
            run(statements.deleteReferences, change.id().toString());
          }
        }
        for (StoredChange change : set.changes()) {
          if (change.after() == null) {
            run(statements.deleteResource, change.id().toString());
          }
        }
        for (StoredChange change : set.changes()) {
          StoredResource after = change.after();
          if (after != null) {
            write(after);
          }
        }
        int position = 0;
        for (StoredChange change : set.changes()) {
          if (change.after() != null) {
            writeReferences(change);
          }
          run(
              statements.insertChange,
              set.number(),
              position++,
              change.type(),
              change.id().toString(),
              change.after() == null ? null : change.after().document());
        }
        for (Map.Entry<Claim, UUID> claim : set.claimed().entrySet()) {
          Claim key = claim.getKey();
          run(
              statements.insertClaim,
              key.kind(),
              key.scope(),
              key.value(),
              claim.getValue().toString());
        }
        last = set.number();
      } catch (SQLException e) {
        throw failure("cannot write change " + set.number(), e);
      }
    }

    private void releaseClaims(Set<Claim> released) throws SQLException {
      for (Claim claim : released) {
        run(statements.deleteClaim, claim.kind(), claim.scope(), claim.value());
      }
    }

    private void write(StoredResource resource) throws SQLException {
      Head head = resource.head();
      run(
          statements.putResource,
          head.id().toString(),
          resource.type(),
          head.project(),
          head.revision(),
          head.createdAt().getEpochSecond(),
          head.updatedAt().getEpochSecond(),
          head.number(),
          resource.document());
    }

    private void writeReferences(StoredChange change) throws SQLException {
      String id = change.id().toString();
      for (StoredReference reference : change.references()) {
        run(statements.insertReference, id, reference.target().toString(), reference.role());
      }
    }

    @Override
    public void commit() throws StoreException {
      try {
        run(statements.setCounter, last);
        if (last >= nextTrim) {
          run(statements.trimChanges, last - KEPT_CHANGES);
          nextTrim = last + 1_000;
        }
        run(statements.commit);
      } catch (SQLException e) {
        rollback();
        throw failure("cannot commit change " + last, e);
      }
    }

    /** A disk that is full makes SQLite end the transaction by itself; the next can begin then. */
    @Override
    public void rollback() {
      failed = true;
      try {
        run(statements.rollback);
      } catch (SQLException e) {
        System.getLogger("nucleon.store")
            .log(System.Logger.Level.DEBUG, "ended already: {0}", e.getMessage());
      }
    }
  }

  /** Only a database that is full or refuses a row has surely kept nothing and can go on. */
  private static StoreException failure(String what, SQLException e) {
    SQLiteErrorCode code =
        e instanceof SQLiteException sqlite ? sqlite.getResultCode() : SQLiteErrorCode.SQLITE_IOERR;
    boolean certain =
        code == SQLiteErrorCode.SQLITE_FULL
            || code.name().startsWith("SQLITE_CONSTRAINT")
            || code == SQLiteErrorCode.SQLITE_IOERR_WRITE;
    return new StoreException(what + ": " + e.getMessage(), e, certain);
  }

  private static void run(PreparedStatement statement, @Nullable Object... parameters)
      throws SQLException {
    for (int i = 0; i < parameters.length; i++) {
      switch (parameters[i]) {
        case null -> statement.setNull(i + 1, java.sql.Types.VARCHAR);
        case Long number -> statement.setLong(i + 1, number);
        case Integer number -> statement.setInt(i + 1, number);
        default -> statement.setString(i + 1, parameters[i].toString());
      }
    }
    statement.executeUpdate();
  }

  @Override
  public void close() {
    try (lockFile) {
      connection.close();
    } catch (SQLException | IOException e) {
      System.getLogger("nucleon.store").log(System.Logger.Level.WARNING, "closing the store", e);
    }
  }
}
