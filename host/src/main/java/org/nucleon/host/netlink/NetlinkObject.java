package org.nucleon.host.netlink;

/** Something of a namespace that rtnetlink lists and tells the changes of. */
public sealed interface NetlinkObject permits Link, Address, Route, Rule, Neighbour {}
