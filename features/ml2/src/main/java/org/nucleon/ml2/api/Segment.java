package org.nucleon.ml2.api;

import org.jspecify.annotations.Nullable;

/**
 * What carries a network.
 *
 * @param type a type driver's name
 * @param physicalNetwork null for local networks and overlays
 * @param segmentationId a VLAN id or VNI, null where the type has none
 */
public record Segment(
    String type, @Nullable String physicalNetwork, @Nullable Integer segmentationId) {

  @Override
  public String toString() {
    return type
        + (physicalNetwork == null ? "" : " on " + physicalNetwork)
        + (segmentationId == null ? "" : " " + segmentationId);
  }
}
