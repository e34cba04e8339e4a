package org.nucleon.ml2.api;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.nucleon.core.schema.InvalidValue;
import org.nucleon.core.schema.JsonObject;
import org.nucleon.core.schema.ValueType;

/**
 * What carries a network.
 *
 * @param type a type driver's name; empty in a request that names none
 * @param physicalNetwork null for local networks and overlays
 * @param segmentationId a VLAN id, VNI or GRE key, null where the type has none
 */
public record Segment(
    String type, @Nullable String physicalNetwork, @Nullable Integer segmentationId) {

  /** An object of the three provider attributes, each of which may be missing. */
  static final ValueType<Segment> FORM =
      new ValueType<>() {
        @Override
        public Segment parse(Object json) throws InvalidValue {
          String typeName = Provider.NETWORK_TYPE.name();
          String physicalName = Provider.PHYSICAL_NETWORK.name();
          String idName = Provider.SEGMENTATION_ID.name();
          JsonObject object = JsonObject.of(json, Set.of(typeName, physicalName, idName));
          String type = object.optional(typeName, Provider.TYPE_FORM);
          return new Segment(
              type == null ? "" : type,
              object.optional(physicalName, Provider.PHYSICAL_FORM),
              object.optional(idName, Provider.ID_FORM));
        }

        @Override
        public Object render(Segment segment) {
          Map<String, @Nullable Object> json = new LinkedHashMap<>();
          json.put(Provider.NETWORK_TYPE.name(), segment.type());
          json.put(Provider.PHYSICAL_NETWORK.name(), segment.physicalNetwork());
          json.put(Provider.SEGMENTATION_ID.name(), segment.segmentationId());
          return json;
        }

        @Override
        public String about() {
          return "a segment of the three provider attributes";
        }
      };

  @Override
  public String toString() {
    return type
        + (physicalNetwork == null ? "" : " on " + physicalNetwork)
        + (segmentationId == null ? "" : " " + segmentationId);
  }
}
