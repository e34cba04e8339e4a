package org.nucleon.store;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.Writer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicInteger;
import org.nucleon.store.DatabaseUrl.Engine;

/** A database server of the operating system's packages; ends with this JVM, whatever happens. */
final class DatabaseServer implements AutoCloseable {

  private static final AtomicInteger DATABASES = new AtomicInteger();

  private final Process process;
  private final BufferedReader said;
  private final Writer commands;
  private final String url;

  DatabaseServer(String engine) throws IOException {
    Path script = Path.of("lab/bin/database").toAbsolutePath();
    for (Path above = Path.of("").toAbsolutePath();
        !Files.exists(script);
        above = above.getParent()) {
      script = above.resolve("lab/bin/database");
    }
    process =
        new ProcessBuilder(script.toString(), engine)
            .redirectError(ProcessBuilder.Redirect.INHERIT)
            .start();
    said = process.inputReader();
    commands = process.outputWriter();
    url = answer().split(" ")[2];
  }

  private String answer() throws IOException {
    return Objects.requireNonNull(said.readLine(), "the database server ended");
  }

  /** Starts another node of a cluster: the same URL with its port. */
  String onSecondNode(String first) throws IOException {
    commands.write("second\n");
    commands.flush();
    String second = answer().split(" ")[2];
    return second + first.substring(url.length());
  }

  /** One of {@code kill}, {@code stop} and {@code start}. */
  void tell(String command) throws IOException {
    commands.write(command + "\n");
    commands.flush();
    answer();
  }

  /** The URL of a new, empty database. */
  String fresh() throws SQLException {
    DatabaseUrl any = DatabaseUrl.parse(url + (url.startsWith("my") ? "mysql" : "postgres"));
    Duration patience = Duration.ofSeconds(30);
    Dialect dialect =
        any.engine() == Engine.MARIADB
            ? new MariaDbDialect(any, patience)
            : new PostgresDialect(any, patience);
    String name = "n" + DATABASES.incrementAndGet();
    try (Connection connection = dialect.connect();
        Statement statement = connection.createStatement()) {
      connection.setAutoCommit(true);
      statement.executeUpdate("CREATE DATABASE " + name);
    }
    return url + name;
  }

  @Override
  public void close() throws IOException {
    commands.close();
    process.onExit().join();
  }
}
