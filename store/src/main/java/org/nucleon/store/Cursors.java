package org.nucleon.store;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.UUID;
import org.nucleon.core.transaction.StoreException;

/** How far each follower of the log has come, and which server holds its place. */
record Cursors(Session session) {

  private static final UUID NOBODY = new UUID(0, 0);

  OptionalLong lease(String cursor, UUID holder, Duration time) throws StoreException {
    Dialect dialect = session.dialect();
    return session.transaction(
        "cannot take the cursor " + cursor,
        used -> {
          long newest = used.counter();
          used.each(
              dialect.addCursor(),
              List.of(cursor),
              (row, name) -> row.text(name).number(newest).id(NOBODY).number(0));
          used.each(
              "UPDATE position SET holder = ?, expires = %s + ? WHERE name = ? AND (holder = ? OR expires < %s)"
                  .formatted(dialect.now(), dialect.now()),
              List.of(cursor),
              (row, name) -> row.id(holder).number(time.toMillis()).text(name).id(holder));
          try (ResultSet row =
              used.query(
                  "SELECT number FROM position WHERE name = ? AND holder = ?",
                  cursor,
                  (parameters, name) -> parameters.text(name).id(holder))) {
            return row.next() ? OptionalLong.of(row.getLong(1)) : OptionalLong.empty();
          }
        });
  }

  void advance(String cursor, UUID holder, long number) throws StoreException {
    session.transaction(
        "cannot move the cursor " + cursor,
        used -> {
          used.each(
              "UPDATE position SET number = ? WHERE name = ? AND holder = ?",
              List.of(cursor),
              (row, name) -> row.number(number).text(name).id(holder));
          return true;
        });
  }

  void release(String cursor, UUID holder) throws StoreException {
    session.transaction(
        "cannot let go of the cursor " + cursor,
        used -> {
          used.each(
              "UPDATE position SET expires = 0, holder = ? WHERE name = ? AND holder = ?",
              List.of(cursor),
              (row, name) -> row.id(NOBODY).text(name).id(holder));
          return true;
        });
  }

  /** The cursors that have not come to a change, and how far they have. */
  static Map<String, Long> before(Link used, long number) throws SQLException {
    Map<String, Long> cursors = new HashMap<>();
    try (ResultSet row =
        used.query(
            "SELECT name, number FROM position WHERE number < ?",
            number,
            Link.Parameters::number)) {
      while (row.next()) {
        cursors.put(row.getString(1), row.getLong(2));
      }
    }
    return cursors;
  }
}
