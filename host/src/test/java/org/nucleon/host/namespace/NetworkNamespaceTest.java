package org.nucleon.host.namespace;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.charset.StandardCharsets;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

@Tag("lab")
class NetworkNamespaceTest {
  private static final Path SELF = Path.of("/proc/thread-self/ns/net");

  @AfterEach
  void clean() throws Exception {
    for (String name : List.of("ns-a", "ns-b")) {
      NetworkNamespace.delete(name);
    }
  }

  private static String output(Process process) throws Exception {
    String text =
        new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8).strip();
    assertThat(process.waitFor()).isZero();
    return text;
  }

  @Test
  void namespaceIsThatOfIpNetns() throws Exception {
    try (NetworkNamespace a = NetworkNamespace.create("ns-a")) {
      String inside = a.call(() -> Files.readSymbolicLink(SELF).toString());
      String byIp =
          output(
              new ProcessBuilder("ip", "netns", "exec", "ns-a", "readlink", "/proc/self/ns/net")
                  .start());
      assertThat(byIp).isEqualTo(inside);
      assertThat(inside).isNotEqualTo(Files.readSymbolicLink(SELF).toString());
      assertThat(NetworkNamespace.list()).contains("ns-a");
      assertThat(NetworkNamespace.exists("ns-a")).isTrue();
    }
    assertThat(NetworkNamespace.delete("ns-a")).isTrue();
    assertThat(NetworkNamespace.delete("ns-a")).isFalse();
    assertThat(NetworkNamespace.exists("ns-a")).isFalse();
  }

  @Test
  void namespaceMadeByIpNetnsOpens() throws Exception {
    output(new ProcessBuilder("ip", "netns", "add", "ns-a").start());
    try (NetworkNamespace a = NetworkNamespace.open("ns-a")) {
      assertThat(a.sysctl("net/ipv4/ip_forward")).isEqualTo("0");
    }
  }

  @Test
  void loopbackIsUp() throws Exception {
    try (NetworkNamespace a = NetworkNamespace.create("ns-a")) {
      assertThat(output(a.start(new ProcessBuilder("ip", "-brief", "address", "show", "lo"))))
          .contains("127.0.0.1/8");
    }
  }

  @Test
  void programStartedInNamespaceLivesThere() throws Exception {
    try (NetworkNamespace a = NetworkNamespace.create("ns-a")) {
      String inside = a.call(() -> Files.readSymbolicLink(SELF).toString());
      assertThat(output(a.start(new ProcessBuilder("readlink", "/proc/self/ns/net"))))
          .isEqualTo(inside);
    }
  }

  @Test
  void sysctlChangesItsNamespaceOnly() throws Exception {
    try (NetworkNamespace a = NetworkNamespace.create("ns-a");
        NetworkNamespace b = NetworkNamespace.create("ns-b")) {
      a.sysctl("net/ipv4/ip_forward", "1");
      assertThat(a.sysctl("net/ipv4/ip_forward")).isEqualTo("1");
      assertThat(b.sysctl("net/ipv4/ip_forward")).isEqualTo("0");
    }
  }

  @Test
  void sysctlOutsideNetIsRefused() throws Exception {
    try (NetworkNamespace own = NetworkNamespace.current()) {
      assertThatThrownBy(() -> own.sysctl("net/../kernel/hostname"))
          .isInstanceOf(IllegalArgumentException.class);
    }
  }

  @Test
  void secondOfSameNameIsRefusedAndFirstStays() throws Exception {
    try (NetworkNamespace a = NetworkNamespace.create("ns-a")) {
      assertThatThrownBy(() -> NetworkNamespace.create("ns-a"))
          .isInstanceOf(FileAlreadyExistsException.class);
      assertThat(a.sysctl("net/ipv4/ip_forward")).isEqualTo("0");
    }
    assertThat(NetworkNamespace.exists("ns-a")).isTrue();
  }

  @Test
  void missingNamespaceIsNamed() {
    assertThatThrownBy(() -> NetworkNamespace.open("ns-none"))
        .isInstanceOf(SystemCallException.class)
        .hasMessage("could not open /run/netns/ns-none: ENOENT");
  }

  /**
   * Who wakes a virtual thread may start a carrier, which inherits the namespace: a task's thread
   * must have left it before its caller is woken.
   */
  @Test
  void threadHasLeftTheNamespaceWhenTheCallerGoesOn() throws Exception {
    String home = Files.readSymbolicLink(Path.of("/proc/self/ns/net")).toString();
    try (NetworkNamespace a = NetworkNamespace.create("ns-a")) {
      for (int i = 0; i < 100; i++) {
        Path thread = a.call(() -> Files.readSymbolicLink(Path.of("/proc/thread-self")));
        Path itsNamespace = Path.of("/proc").resolve(thread).resolve("ns/net");
        assertThat(Files.readSymbolicLink(itsNamespace)).hasToString(home);
      }
    }
  }

  @Test
  void taskOfOneNamespaceCannotCallIntoAnother() throws Exception {
    try (NetworkNamespace a = NetworkNamespace.create("ns-a");
        NetworkNamespace b = NetworkNamespace.create("ns-b")) {
      assertThatThrownBy(() -> a.call(() -> b.sysctl("net/ipv4/ip_forward")))
          .isInstanceOf(IllegalStateException.class);
    }
  }

  @Test
  void failureOfTaskReachesTheCaller() throws Exception {
    try (NetworkNamespace a = NetworkNamespace.create("ns-a")) {
      assertThatThrownBy(() -> a.sysctl("net/no/such")).isInstanceOf(NoSuchFileException.class);
    }
  }
}
