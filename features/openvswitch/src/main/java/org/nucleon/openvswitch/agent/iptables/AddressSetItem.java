package org.nucleon.openvswitch.agent.iptables;

import org.nucleon.agent.api.Item;
import org.nucleon.core.net.IpPrefix;
import org.nucleon.host.iptables.Ip;

/** A set of addresses that rules name, or an address in it. */
public sealed interface AddressSetItem extends Item {

  /** The set's name. */
  String set();

  /** A set, whatever is in it. */
  record AddressSet(String set, Ip version) implements AddressSetItem {
    @Override
    public Object key() {
      return set;
    }
  }

  /** Addresses in a set; a prefix of length 0 cannot be in one. */
  record Member(String set, IpPrefix prefix) implements AddressSetItem {
    @Override
    public Object key() {
      return set + " " + prefix;
    }
  }
}
