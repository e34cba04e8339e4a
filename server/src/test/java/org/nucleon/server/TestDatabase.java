package org.nucleon.server;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.Writer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import org.nucleon.store.DatabaseUrl;
import org.nucleon.store.DatabaseUrl.Engine;

/** A database server of the operating system's packages; ends with this JVM, whatever happens. */
final class TestDatabase implements AutoCloseable {

  /** What servers here use in place of the embedded database; null for that. */
  static volatile TestDatabase inUse;

  private final Process process;
  private final Writer commands;
  private final String url;
  private final Map<Path, DatabaseUrl> databases = new HashMap<>();

  TestDatabase(String engine) throws IOException {
    Path root = Path.of("").toAbsolutePath();
    while (!Files.exists(root.resolve("lab/bin/database"))) {
      root = root.getParent();
    }
    process =
        new ProcessBuilder(root.resolve("lab/bin/database").toString(), engine)
            .redirectError(ProcessBuilder.Redirect.INHERIT)
            .start();
    BufferedReader said = process.inputReader();
    commands = process.outputWriter();
    url = Objects.requireNonNull(said.readLine(), "the database server ended").split(" ")[2];
  }

  /** The database that stands for a folder, empty at first. */
  synchronized DatabaseUrl of(Path folder) {
    return databases.computeIfAbsent(folder, f -> create("n" + databases.size()));
  }

  /** The URL of a new database, as an operator would write it. */
  String create() {
    String name = "extra" + System.nanoTime();
    create(name);
    return url + name;
  }

  private DatabaseUrl create(String name) {
    DatabaseUrl made = DatabaseUrl.parse(url + name);
    boolean postgresql = made.engine() == Engine.POSTGRESQL;
    String any =
        "jdbc:%s://%s:%d/%s"
            .formatted(
                postgresql ? "postgresql" : "mariadb",
                made.host(),
                made.port(),
                postgresql ? "postgres" : "mysql");
    try (Connection connection = DriverManager.getConnection(any, made.user(), made.password());
        Statement statement = connection.createStatement()) {
      statement.executeUpdate("CREATE DATABASE " + name);
    } catch (SQLException e) {
      throw new IllegalStateException(e);
    }
    return made;
  }

  @Override
  public void close() throws IOException {
    commands.close();
    process.onExit().join();
  }
}
