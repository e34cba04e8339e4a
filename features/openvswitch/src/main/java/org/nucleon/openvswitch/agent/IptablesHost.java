package org.nucleon.openvswitch.agent;

import java.util.List;
import org.nucleon.agent.api.Plan;
import org.nucleon.host.iptables.Ip;
import org.nucleon.host.iptables.Rule;
import org.nucleon.openvswitch.agent.iptables.FilterItem.Chain;
import org.nucleon.openvswitch.agent.iptables.FilterItem.Jump;
import org.nucleon.openvswitch.agent.iptables.FilterNames;

/**
 * What holds for all guests that are filtered by iptables. What crosses a bridge of theirs passes
 * only by a rule of its port: until a port's chains are there, and if they cannot be made, nothing
 * does.
 */
final class IptablesHost {

  private IptablesHost() {}

  static void plan(Plan out) {
    for (Ip version : Ip.values()) {
      out.add(
          Chain.of(
              version,
              FilterNames.FORWARD,
              "-m physdev --physdev-in qvb+ --physdev-is-bridged -j DROP",
              "-m physdev --physdev-out qvb+ --physdev-is-bridged -j DROP"));
      out.add(Chain.of(version, FilterNames.INPUT));
      out.add(Chain.of(version, FilterNames.PORTS, "-j ACCEPT"));
      out.add(Chain.of(version, FilterNames.FALLBACK, "-j DROP"));
      out.add(Chain.of(version, FilterNames.RAW, FilterNames.PREROUTING, List.of()));
      jump(version, FilterNames.FILTER, "FORWARD", FilterNames.FORWARD, out);
      jump(version, FilterNames.FILTER, "INPUT", FilterNames.INPUT, out);
      jump(version, FilterNames.RAW, "PREROUTING", FilterNames.PREROUTING, out);
    }
  }

  private static void jump(Ip version, String table, String from, String to, Plan out) {
    out.add(new Jump(version, table, from, Rule.of("-j " + to)));
  }
}
