package org.nucleon.server.config;

import java.nio.file.Path;
import java.time.Duration;
import java.util.Set;
import org.nucleon.core.feature.Configuration;
import org.nucleon.core.feature.Option;
import org.nucleon.core.transaction.Store;
import org.nucleon.core.transaction.StoreException;
import org.nucleon.core.transaction.StoreException.Kind;
import org.nucleon.store.DatabaseUrl;
import org.nucleon.store.ServerStore;
import org.nucleon.store.SqliteStore;

/** The database that a configuration names. */
public final class Databases {

  private static final System.Logger LOG = System.getLogger("nucleon");
  private static final String SECTION = "database";

  /** Where the database is; has a password in it. */
  public static final Option<String> CONNECTION =
      Option.secret(
              SECTION,
              "connection",
              "the database's URL as for SQLAlchemy, such as postgresql://user:password@host/database or"
                  + " mysql+pymysql://...; by default, and for sqlite, the embedded one in the state folder")
          .formerly("DEFAULT", "sql_connection");

  /** How often a database that is not there is tried again at the start. */
  public static final Option<Integer> MAX_RETRIES =
      Option.integer(
              SECTION,
              "max_retries",
              10,
              "how often a database that is not there is tried again at the start, -1 without end")
          .formerly("DEFAULT", "sql_max_retries");

  /** How long to wait between two tries at the start. */
  public static final Option<Integer> RETRY_INTERVAL =
      Option.integer(SECTION, "retry_interval", 10, "seconds between two tries at the start")
          .formerly("DEFAULT", "sql_retry_interval");

  /** How long a request waits for a database that went away. */
  public static final Option<Integer> POOL_TIMEOUT =
      Option.integer(
          SECTION,
          "pool_timeout",
          30,
          "seconds that a request waits for a database that is not there before it is told 503");

  private Databases() {}

  /**
   * Asks for every option.
   *
   * @throws IllegalArgumentException naming one whose value does not do
   */
  public static void ask(Configuration configuration) {
    url(configuration);
    patience(configuration);
    configuration.get(MAX_RETRIES);
    configuration.get(RETRY_INTERVAL);
  }

  /** How long a request waits for a database that went away. */
  public static Duration patience(Configuration configuration) {
    return Duration.ofSeconds(Math.max(1, configuration.get(POOL_TIMEOUT)));
  }

  /**
   * Where the database is.
   *
   * @throws IllegalArgumentException if the option names none that can be used
   */
  public static DatabaseUrl url(Configuration configuration) {
    String connection = configuration.get(CONNECTION);
    try {
      return DatabaseUrl.parse(connection.isEmpty() ? "sqlite://" : connection);
    } catch (IllegalArgumentException e) {
      throw new IllegalArgumentException(CONNECTION + ": " + e.getMessage(), e);
    }
  }

  /**
   * Opens the database, waiting for one that is not there yet and saying so.
   *
   * @param folder where the embedded one is
   * @throws StoreException if it cannot be opened; the message is for people
   * @throws IllegalArgumentException if the options are wrong
   */
  public static Store open(Configuration configuration, Path folder) throws StoreException {
    int retries = configuration.get(MAX_RETRIES);
    int seconds = configuration.get(RETRY_INTERVAL);
    DatabaseUrl url = url(configuration);
    if (url.engine() == DatabaseUrl.Engine.EMBEDDED) {
      return SqliteStore.open(folder);
    }
    Set<String> unused = ServerStore.withoutEffect(url);
    if (!unused.isEmpty()) {
      LOG.log(
          System.Logger.Level.WARNING,
          "options of {0} without effect: {1}",
          CONNECTION,
          String.join(", ", unused));
    }
    for (int attempt = 1; ; attempt++) {
      try {
        return ServerStore.open(url, patience(configuration));
      } catch (StoreException e) {
        if (e.kind() != Kind.UNREACHABLE || retries >= 0 && attempt > retries) {
          throw e;
        }
        LOG.log(
            System.Logger.Level.WARNING,
            "{0}; next try in {1} s ({2} of {3})",
            e.getMessage(),
            Integer.toString(seconds),
            Integer.toString(attempt),
            retries < 0 ? "any number" : Integer.toString(retries));
        pause(seconds, e);
      }
    }
  }

  private static void pause(int seconds, StoreException e) throws StoreException {
    try {
      Thread.sleep(Duration.ofSeconds(Math.max(0, seconds)));
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
      throw e;
    }
  }
}
