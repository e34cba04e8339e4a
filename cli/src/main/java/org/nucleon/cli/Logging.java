package org.nucleon.cli;

import java.util.List;
import java.util.logging.Handler;
import java.util.logging.Level;
import java.util.logging.LogManager;
import java.util.logging.LogRecord;
import java.util.logging.Logger;

/** Where logs go: standard error, one line each. */
final class Logging extends Handler {

  /** Held on to, as the JDK forgets the level of a logger that nobody holds. */
  private static final List<Logger> QUIET = List.of(Logger.getLogger("org.eclipse.jetty"));

  private Logging(boolean json) {
    setFormatter(new LogLine(json));
  }

  /** Takes the place of whatever the JDK was configured with. */
  static void start(boolean json) {
    LogManager.getLogManager().reset();
    QUIET.forEach(logger -> logger.setLevel(Level.WARNING));
    Logger root = Logger.getLogger("");
    root.setLevel(Level.INFO);
    root.addHandler(new Logging(json));
  }

  @Override
  public void publish(LogRecord entry) {
    if (isLoggable(entry)) {
      System.err.print(getFormatter().format(entry));
    }
  }

  @Override
  public void flush() {
    System.err.flush();
  }

  @Override
  public void close() {}
}
