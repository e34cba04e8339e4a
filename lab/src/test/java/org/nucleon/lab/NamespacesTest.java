package org.nucleon.lab;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.NetworkInterface;
import java.net.SocketException;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** What a test tagged "lab" may rely on: a network and processes of its own. */
@Tag("lab")
final class NamespacesTest {
  @Test
  void seesNoInterfaceOfTheMachine() throws SocketException {
    assertThat(NetworkInterface.networkInterfaces().map(NetworkInterface::getName))
        .containsExactly("lo");
  }

  @Test
  void seesNoProcessOfTheMachine() {
    assertThat(ProcessHandle.current().parent().map(ProcessHandle::pid)).hasValue(1L);
  }
}
