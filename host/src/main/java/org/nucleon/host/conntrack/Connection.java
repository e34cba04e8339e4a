package org.nucleon.host.conntrack;

import java.net.InetAddress;

/**
 * An IPv4 connection as the kernel tracks it. Where addresses are translated, answers do not simply
 * go the other way round.
 *
 * @param source who opened it
 * @param destination to whom, as the opener sees it
 * @param replySource who answers
 * @param replyDestination to whom the answers go
 */
public record Connection(
    InetAddress source,
    InetAddress destination,
    InetAddress replySource,
    InetAddress replyDestination) {

  /** Whether what goes to {@code from} is translated to go to {@code to}. */
  public boolean isDestinationTranslated(InetAddress from, InetAddress to) {
    return destination.equals(from) && replySource.equals(to);
  }

  /** Whether what comes from {@code from} is translated to come from {@code to}. */
  public boolean isSourceTranslated(InetAddress from, InetAddress to) {
    return source.equals(from) && replyDestination.equals(to);
  }
}
