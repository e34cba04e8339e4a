package org.nucleon.agent.device;

import org.nucleon.agent.api.Item;
import org.nucleon.host.ethernet.IpPrefix;

/**
 * An address on a device in a namespace of ours; being there marks it as ours.
 *
 * @param namespace where
 * @param device the device's name in it; {@link DeviceNames#LOOPBACK} for an address that no link
 *     has
 * @param prefix the address with the length of its network
 */
public record AddressItem(String namespace, String device, IpPrefix prefix) implements Item {
  @Override
  public Object key() {
    return this;
  }
}
