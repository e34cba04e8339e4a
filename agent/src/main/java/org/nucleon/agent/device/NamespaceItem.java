package org.nucleon.agent.device;

import org.nucleon.agent.api.Item;

/**
 * A named network namespace without IPv6 of its own accord. Its name, which begins as {@link
 * DeviceNames} says, is the mark.
 *
 * @param name as {@code ip netns} shows it
 * @param forwarding whether it forwards packets between its devices: a router
 * @param whole false, in what is read, if another kernel parameter of it is not as it should be
 */
public record NamespaceItem(String name, boolean forwarding, boolean whole) implements Item {

  /**
   * A namespace as it should be.
   *
   * @throws IllegalArgumentException if the name is not one of ours
   */
  public NamespaceItem(String name, boolean forwarding) {
    this(name, forwarding, true);
    if (!DeviceNames.isOurs(name)) {
      throw new IllegalArgumentException("not a namespace of ours: " + name);
    }
  }

  @Override
  public Object key() {
    return name;
  }
}
