package org.nucleon.cli;

import java.io.PrintWriter;
import java.util.concurrent.CountDownLatch;

/** Runs in the foreground until the terminal or the system asks it to end. */
final class Foreground {

  private Foreground() {}

  /** Milliseconds since the launcher began, or since this JVM did where nobody says when. */
  static long millisecondsSinceStart() {
    String launched = System.getenv("NUCLEON_STARTED"); // microseconds since 1970
    long began =
        launched != null && launched.matches("\\d{16}")
            ? Long.parseLong(launched) / 1_000
            : ProcessHandle.current().info().startInstant().orElseThrow().toEpochMilli();
    return System.currentTimeMillis() - began;
  }

  /** Waits for SIGINT or SIGTERM, then closes and lets the process end. */
  static int untilAskedToEnd(AutoCloseable running, PrintWriter out) throws InterruptedException {
    CountDownLatch never = new CountDownLatch(1);
    Runtime.getRuntime().addShutdownHook(new Thread(() -> end(running, out), "shutdown"));
    never.await();
    return 0;
  }

  private static void end(AutoCloseable running, PrintWriter out) {
    try {
      running.close();
      out.println("ended");
    } catch (Exception e) {
      out.println("ended: " + e);
    }
    out.flush();
  }
}
