package org.nucleon.openvswitch.agent.iptables;

import java.io.IOException;
import java.util.List;
import org.nucleon.agent.api.ApplyException;
import org.nucleon.host.namespace.NetworkNamespace;

/** The kernel's switches that lead what Linux bridges forward to iptables. */
public final class BridgeSwitches {

  private static final System.Logger LOG = System.getLogger("nucleon.agent");

  private static final List<String> SWITCHES =
      List.of("net/bridge/bridge-nf-call-iptables", "net/bridge/bridge-nf-call-ip6tables");

  private final NetworkNamespace namespace;
  private final boolean isNeeded;

  /**
   * Those of a host.
   *
   * @param isNeeded whether iptables filters for us here; else they are left alone
   */
  public BridgeSwitches(NetworkNamespace namespace, boolean isNeeded) {
    this.namespace = namespace;
    this.isNeeded = isNeeded;
  }

  boolean isNeeded() {
    return isNeeded;
  }

  /**
   * Switches them on.
   *
   * @throws ApplyException if the kernel has none
   */
  public void on() throws ApplyException {
    try {
      for (String name : SWITCHES) {
        if (!namespace.sysctl(name).equals("1")) {
          namespace.sysctl(name, "1");
        }
      }
    } catch (IOException e) {
      throw new ApplyException(
          "bridged packets cannot be led to iptables: load the kernel module br_netfilter", e);
    }
  }

  /** Switches on again what somebody has switched off. */
  void repair() {
    try {
      for (String name : SWITCHES) {
        if (!namespace.sysctl(name).equals("1")) {
          namespace.sysctl(name, "1");
          LOG.log(
              System.Logger.Level.WARNING,
              "{0} was switched off: nothing was filtered; it is on again",
              name.replace('/', '.'));
        }
      }
    } catch (IOException | RuntimeException e) {
      LOG.log(System.Logger.Level.WARNING, "whether bridged packets are filtered is unknown", e);
    }
  }
}
