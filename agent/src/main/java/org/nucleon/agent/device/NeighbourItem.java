package org.nucleon.agent.device;

import java.net.InetAddress;
import org.nucleon.agent.api.Item;
import org.nucleon.host.ethernet.MacAddress;

/**
 * Who owns an address next to a device in a namespace of ours. When that changes, the kernel
 * forgets whom it believed to be the owner and asks again, rather than sending to nobody for up to
 * a minute (RFC 1122, 2.3.2.1). It is not told the answer: another may have the address rightly, by
 * an address pair. An agent remembers what it has told; what was told before it began is nobody's,
 * and not there to be marked.
 *
 * @param namespace where
 * @param device the device's name in it
 * @param address an address on its link
 * @param mac its owner's
 */
public record NeighbourItem(String namespace, String device, InetAddress address, MacAddress mac)
    implements Item {

  private record Key(String namespace, String device, InetAddress address) {}

  @Override
  public Object key() {
    return new Key(namespace, device, address);
  }
}
