package org.nucleon.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/**
 * What a process has cost so far; proc(5).
 *
 * @param cpuMilliseconds processor time since it was started, to 10 ms
 * @param megabytes its resident set
 */
record ProcessCost(long cpuMilliseconds, long megabytes) {

  private static final int MILLISECONDS_A_TICK = 10;

  /** Of a running process. */
  static ProcessCost of(long pid) throws IOException {
    Path proc = Path.of("/proc", Long.toString(pid));
    String stat = Files.readString(proc.resolve("stat"));
    // The name, in brackets, may have anything in it.
    List<String> fields = List.of(stat.substring(stat.lastIndexOf(')') + 2).split(" ", -1));
    long ticks = Long.parseLong(fields.get(11)) + Long.parseLong(fields.get(12));
    long kilobytes =
        Files.readAllLines(proc.resolve("status")).stream()
            .filter(line -> line.startsWith("VmRSS:"))
            .mapToLong(line -> Long.parseLong(line.replaceAll("\\D", "")))
            .sum();
    return new ProcessCost(ticks * MILLISECONDS_A_TICK, kilobytes / 1024);
  }
}
