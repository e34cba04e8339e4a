package org.nucleon.host.netlink;

import org.jspecify.annotations.Nullable;
import org.nucleon.host.ethernet.MacAddress;
import org.nucleon.host.namespace.NetworkNamespace;

/** One change that is asked of the kernel. Links are meant by index, so that none is mistaken. */
public sealed interface Request {
  /** Makes a veth pair, each end in its own namespace from the start; fails if a name is taken. */
  record CreateVeth(VethEnd here, VethEnd there) implements Request {}

  /** Removes a link; of a veth pair, the other end too. */
  record DeleteLink(int link) implements Request {}

  /** Sets a link up or down. */
  record SetUp(int link, boolean up) implements Request {}

  /** Changes a link's MAC. */
  record SetMac(int link, MacAddress mac) implements Request {}

  /** Changes a link's MTU, in bytes. */
  record SetMtu(int link, int mtu) implements Request {}

  /** Gives a link another name. */
  record Rename(int link, String name) implements Request {
    /** Checks the name. */
    public Rename {
      LinkName.check(name);
    }
  }

  /** Sets a link's alias, at most 255 bytes; the empty text removes it. */
  record SetAlias(int link, String alias) implements Request {}

  /** Says how a link makes its IPv6 addresses; to be set before it goes up. */
  record SetAddressGeneration(int link, Link.AddressGeneration mode) implements Request {}

  /** Puts a link into a bridge; takes it out with master 0. */
  record SetMaster(int link, int master) implements Request {}

  /** Moves a link to another namespace, under another name unless that is null. */
  record Move(int link, NetworkNamespace namespace, @Nullable String name) implements Request {
    /** Checks the name. */
    public Move {
      if (name != null) {
        LinkName.check(name);
      }
    }
  }

  /** Adds an address; one that is there with other flags is changed. */
  record PutAddress(Address address) implements Request {}

  /** Removes an address. */
  record DeleteAddress(Address address) implements Request {}

  /** Adds a route; fails if there is one with this destination, metric and table. */
  record AddRoute(Route route) implements Request {}

  /** Adds a route in place of one with this destination, metric and table, whoever made that. */
  record PutRoute(Route route) implements Request {}

  /** Removes a route; of several that match, the first. */
  record DeleteRoute(Route route) implements Request {}

  /** Adds a rule; fails if there is one just like it. */
  record AddRule(Rule rule) implements Request {}

  /** Removes a rule. */
  record DeleteRule(Rule rule) implements Request {}

  /** Adds or replaces an entry of the neighbour table. */
  record PutNeighbour(Neighbour neighbour) implements Request {}

  /** Removes an entry of the neighbour table. */
  record DeleteNeighbour(Neighbour neighbour) implements Request {}
}
