package org.nucleon.openvswitch.agent;

import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import org.nucleon.agent.api.Plan;
import org.nucleon.agent.api.Planning;
import org.nucleon.core.net.IpAddress;
import org.nucleon.host.iptables.Ip;
import org.nucleon.host.iptables.Rule;
import org.nucleon.network.api.DeviceOwner;
import org.nucleon.network.api.Networks;
import org.nucleon.openvswitch.agent.iptables.FilterItem.Chain;
import org.nucleon.openvswitch.agent.iptables.FilterNames;

/** What no rule is needed for on a network: to renew a lease, and answers of its DHCP servers. */
final class IptablesNetwork {

  private IptablesNetwork() {}

  /** Plans the chain that is passed by all ports of this host on the network, if there are any. */
  static void plan(UUID network, Planning in, Plan out) {
    List<PortSpec> ports = PortSpec.onNetwork(in.view(), network);
    boolean isHere =
        ports.stream().anyMatch(port -> port.isServedBy(in.host()) || port.isExpectedBy(in.host()));
    if (!isHere || in.view().find(Networks.NETWORK, network).isEmpty()) {
      return;
    }
    List<Rule> four = new ArrayList<>();
    List<Rule> six = new ArrayList<>();
    ports.stream()
        .filter(port -> port.owner().equals(DeviceOwner.DHCP))
        .filter(port -> port.isUp() && !port.host().isEmpty())
        .sorted(java.util.Comparator.comparing(PortSpec::id))
        .forEach(server -> {
          for (IpAddress address : server.addresses(4)) {
            four.add(Rule.of("-d " + address + " -p udp -m udp --sport 68 --dport 67 -j ACCEPT"));
            four.add(Rule.of("-s " + address + " -p udp -m udp --sport 67 --dport 68 -j ACCEPT"));
          }
          six.add(
              Rule.of(
                  "-s "
                      + server.linkLocal()
                      + " -p udp -m mac --mac-source "
                      + server.mac()
                      + " -m udp --sport 547 --dport 546 -j ACCEPT"));
        });
    out.add(Chain.of(Ip.V4, FilterNames.network(network), four));
    out.add(Chain.of(Ip.V6, FilterNames.network(network), six));
  }
}
