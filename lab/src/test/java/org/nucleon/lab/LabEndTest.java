package org.nucleon.lab;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Isolated;

/** Counts processes, so no other lab may be open meanwhile. */
@Tag("lab")
@Isolated
final class LabEndTest {
  @Test
  void closingLeavesNoProcess() {
    long before = ProcessHandle.current().descendants().count();
    long here = ProcessHandle.allProcesses().count();
    try (Lab lab = Lab.open()) {
      LabHost host = lab.hostWithExternal("h1");
      host.machine().exec("ip", "netns", "add", "qrouter-1");
      host.machine().start("loop", "sh", "-c", "setsid sleep 1000 & sleep 1000");
      assertThat(ProcessHandle.allProcesses().count()).isGreaterThan(here + 5);
    }
    assertThat(ProcessHandle.current().descendants().count()).isEqualTo(before);
    Eventually.within(
        Duration.ofSeconds(10),
        "as many processes as before",
        () -> ProcessHandle.allProcesses().count(),
        count -> count <= here);
  }
}
