package org.nucleon.metadata.agent;

import java.util.UUID;

/** Whose namespace a guest's request arrives in: addresses mean something only there. */
sealed interface Place {

  /**
   * With the DHCP server of a network, or with whoever has the link's own address there.
   *
   * @param network its id
   */
  record OfNetwork(UUID network) implements Place {}

  /**
   * On a router, which may be on several networks.
   *
   * @param router its id
   */
  record OfRouter(UUID router) implements Place {}
}
