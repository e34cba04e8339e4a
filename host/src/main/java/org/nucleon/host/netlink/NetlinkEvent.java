package org.nucleon.host.netlink;

/** What happened in a namespace. */
public sealed interface NetlinkEvent {
  /** Something is new, or has changed to this. */
  record Present(NetlinkObject object) implements NetlinkEvent {}

  /** Something was this and is no more. */
  record Gone(NetlinkObject object) implements NetlinkEvent {}

  /** Events were lost because they came too fast: read all again. */
  record Overrun() implements NetlinkEvent {}
}
