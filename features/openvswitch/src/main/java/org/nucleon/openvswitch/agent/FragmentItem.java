package org.nucleon.openvswitch.agent;

import org.nucleon.agent.api.Item;

/**
 * A bridge tells first fragments by their ports: see {@link Fragments}.
 *
 * @param bridge the bridge's name
 */
record FragmentItem(String bridge) implements Item {

  /**
   * What a bridge does with fragments.
   *
   * @param bridge the bridge's name
   */
  record Key(String bridge) {}

  @Override
  public Key key() {
    return new Key(bridge);
  }

  /** In the words of ovs-ofctl. */
  @Override
  public String toString() {
    return bridge + ": frags=nx-match";
  }
}
