package org.nucleon.agent.device;

import java.net.InetAddress;
import java.util.Arrays;
import java.util.List;
import org.nucleon.agent.api.Item;
import org.nucleon.host.ethernet.IpPrefix;

/**
 * A route in the main table of a namespace. The number of its protocol is the mark.
 *
 * @param namespace where
 * @param destination the network that it leads to
 * @param hop over what
 */
public record RouteItem(String namespace, IpPrefix destination, Hop hop) implements Item {

  /** RTPROT_*: a number that no routing daemon has. */
  static final int PROTOCOL = 183;

  /** Clears what is not of the network. */
  public RouteItem {
    destination = destination.network();
  }

  /** What a route leads over. */
  public sealed interface Hop {
    /** A gateway, which must be on a link that the namespace has an address or route for. */
    record Gateway(InetAddress address) implements Hop {}

    /** A gateway by its link-local address. */
    record LinkLocalGateway(InetAddress address, String device) implements Hop {}

    /**
     * Several gateways of equal cost, among which packets are spread by who sends what to whom; in
     * order of address.
     */
    record Gateways(List<InetAddress> addresses) implements Hop {
      /** Puts them in order. */
      public Gateways {
        addresses =
            addresses.stream()
                .sorted((a, b) -> Arrays.compareUnsigned(a.getAddress(), b.getAddress()))
                .toList();
      }
    }

    /** The link of a device itself. */
    record OnLink(String device) implements Hop {}
  }

  /** Which route it is. */
  record Key(String namespace, IpPrefix destination) {}

  @Override
  public Key key() {
    return new Key(namespace, destination);
  }
}
