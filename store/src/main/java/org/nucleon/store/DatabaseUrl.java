package org.nucleon.store;

import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Where a database is, in the form that operators of OpenStack services know from SQLAlchemy:
 * {@code dialect+driver://user:password@host:port/database?option=value}. Which Python driver is
 * named makes no difference. Written out it has no password.
 *
 * @param engine which database it is
 * @param user empty for none
 * @param password empty for none
 * @param host a name or address, empty for the local machine
 * @param port 0 for the engine's own
 * @param database the database's name
 * @param options as named in the URL
 */
public record DatabaseUrl(
    Engine engine,
    String user,
    String password,
    String host,
    int port,
    String database,
    Map<String, String> options) {

  /** A database that this release can use. */
  public enum Engine {
    /** Inside of the server. */
    EMBEDDED,
    /** PostgreSQL 12 or later. */
    POSTGRESQL,
    /** MariaDB 10.6 or later. */
    MARIADB
  }

  private static final Pattern FORM =
      Pattern.compile(
          "(?<dialect>[A-Za-z0-9]+)(?:\\+(?<driver>[A-Za-z0-9_]+))?://"
              + "(?:(?<user>[^:/?@]*)(?::(?<password>[^@/]*|.*(?=@)))?@)?"
              + "(?:\\[(?<ipv6>[0-9A-Fa-f:.%]+)]|(?<host>[^/:?@]*))(?::(?<port>\\d{0,5}))?"
              + "(?:/(?<database>[^?]*))?(?:\\?(?<query>.*))?");

  /** Copies the options. */
  public DatabaseUrl {
    options = Map.copyOf(options);
  }

  /**
   * Reads one.
   *
   * @throws IllegalArgumentException saying in one line what is wrong, without the password
   */
  public static DatabaseUrl parse(String text) {
    Matcher matcher = FORM.matcher(text.strip());
    if (!matcher.matches()) {
      throw new IllegalArgumentException(
          "a URL such as postgresql://user:password@host/database expected");
    }
    Engine engine = engine(matcher.group("dialect"));
    String database = decoded(matcher.group("database"));
    if (engine != Engine.EMBEDDED && database.isEmpty()) {
      throw new IllegalArgumentException("the URL names no database: .../DATABASE expected");
    }
    String ipv6 = matcher.group("ipv6");
    Map<String, String> options = options(matcher.group("query"));
    if (options.containsKey(engine == Engine.POSTGRESQL ? "host" : "unix_socket")) {
      throw new IllegalArgumentException(
          "databases are reached over TCP only: .../user:password@HOST/database expected, no socket");
    }
    return new DatabaseUrl(
        engine,
        decoded(matcher.group("user")),
        decoded(matcher.group("password")),
        ipv6 == null ? decoded(matcher.group("host")) : ipv6,
        port(matcher.group("port")),
        database,
        options);
  }

  private static Engine engine(String dialect) {
    return switch (dialect.toLowerCase(Locale.ROOT)) {
      case "postgresql" -> Engine.POSTGRESQL;
      case "mysql", "mariadb" -> Engine.MARIADB;
      case "sqlite" -> Engine.EMBEDDED;
      default ->
          throw new IllegalArgumentException(
              "postgresql, mysql or sqlite expected as the URL's scheme, not " + dialect);
    };
  }

  private static int port(@Nullable String text) {
    int port = text == null || text.isEmpty() ? 0 : Integer.parseInt(text);
    if (port > 65_535) {
      throw new IllegalArgumentException("a port up to 65535 expected, not " + port);
    }
    return port;
  }

  private static Map<String, String> options(@Nullable String query) {
    Map<String, String> options = new LinkedHashMap<>();
    if (query != null) {
      for (String option : query.split("&")) {
        int equals = option.indexOf('=');
        if (equals > 0) {
          options.put(decoded(option.substring(0, equals)), decoded(option.substring(equals + 1)));
        }
      }
    }
    return options;
  }

  /** Percent signs only: a plus is a plus, in passwords above all. */
  private static String decoded(@Nullable String text) {
    if (text == null) {
      return "";
    }
    try {
      return URLDecoder.decode(text.replace("+", "%2B"), StandardCharsets.UTF_8);
    } catch (IllegalArgumentException e) {
      throw new IllegalArgumentException(
          "a percent sign in the URL is followed by two hexadecimal digits, %25 is one itself", e);
    }
  }

  /** Without password and options. */
  @Override
  public String toString() {
    if (engine == Engine.EMBEDDED) {
      return "the embedded database";
    }
    return (engine == Engine.POSTGRESQL ? "postgresql" : "mysql")
        + "://"
        + (user.isEmpty() ? "" : user + "@")
        + (host.contains(":") ? "[" + host + "]" : host)
        + (port == 0 ? "" : ":" + port)
        + "/"
        + database;
  }
}
