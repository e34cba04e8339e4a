package org.nucleon.openvswitch.agent;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Connections to a real bridge that are lost. */
@Tag("lab")
final class BridgeChannelLabTest {

  private static final String BRIDGE = "br0";

  private final BlockingQueue<String> told = new LinkedBlockingQueue<>();
  private final AtomicBoolean exists = new AtomicBoolean(true);

  private BridgeChannel channel(PrivateSwitch ovs) {
    ovs.vsctl("add-br", BRIDGE, "--", "set", "Bridge", BRIDGE, "datapath_type=netdev");
    return new BridgeChannel(
        ovs.socket().resolveSibling(BRIDGE + ".mgmt"),
        exists::get,
        _ -> {},
        () -> told.add("anew"));
  }

  private void isTold() throws InterruptedException {
    assertThat(told.poll(30, TimeUnit.SECONDS)).isEqualTo("anew");
  }

  @Test
  void tellsWhenItIsOpenAgain() throws Exception {
    try (PrivateSwitch ovs = new PrivateSwitch();
        BridgeChannel channel = channel(ovs)) {
      channel.connection();
      assertThat(told).as("at first").isEmpty();
      ovs.killForwarder();
      ovs.startForwarder();
      isTold();
    }
  }

  /** Who uses the channel may notice before the channel does, and is then the one who opens it. */
  @Test
  void tellsAllWhenOneHasOpenedItAgain() throws Exception {
    try (PrivateSwitch ovs = new PrivateSwitch();
        BridgeChannel channel = channel(ovs)) {
      channel.connection();
      channel.discard();
      channel.connection();
      isTold();
    }
  }

  @Test
  void tellsWhenTheBridgeIsGone() throws Exception {
    try (PrivateSwitch ovs = new PrivateSwitch();
        BridgeChannel channel = channel(ovs)) {
      channel.connection();
      exists.set(false);
      ovs.vsctl("del-br", BRIDGE);
      isTold();
    }
  }
}
