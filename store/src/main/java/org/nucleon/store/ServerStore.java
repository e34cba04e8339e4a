package org.nucleon.store;

import java.time.Duration;
import java.util.Set;
import java.util.TreeSet;
import org.nucleon.core.transaction.Store;
import org.nucleon.core.transaction.StoreException;

/** The store in a database server, for one or several of our servers. */
public final class ServerStore {

  /** Options that ask for what is so anyway. */
  private static final Set<String> UNDERSTOOD =
      Set.of("charset", "client_encoding", "use_unicode", "ssl_ca", "plugin");

  private ServerStore() {}

  /**
   * Opens a database, in which the tables are made if there are none.
   *
   * @param patience how long a connection or an answer is waited for
   * @throws StoreException of kind {@code UNREACHABLE} if it may be there later; the message is for
   *     people and has no password
   */
  public static Store open(DatabaseUrl url, Duration patience) throws StoreException {
    Dialect dialect =
        switch (url.engine()) {
          case POSTGRESQL -> new PostgresDialect(url, patience);
          case MARIADB -> new MariaDbDialect(url, patience);
          case EMBEDDED -> throw new IllegalArgumentException("no server: " + url);
        };
    try {
      return new JdbcStore(dialect, () -> {});
    } catch (StoreException e) {
      throw new StoreException(url + ": " + e.getMessage(), e, e.kind());
    }
  }

  /** Options of a URL that have no effect here. */
  public static Set<String> withoutEffect(DatabaseUrl url) {
    Set<String> names = new TreeSet<>(url.options().keySet());
    names.removeAll(UNDERSTOOD);
    names.removeAll(PostgresDialect.OPTIONS);
    return names;
  }
}
