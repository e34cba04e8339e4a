package org.nucleon.network.api;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import org.nucleon.core.net.IpAddress;
import org.nucleon.core.net.IpRange;
import org.nucleon.core.schema.InvalidValue;
import org.nucleon.core.schema.JsonObject;
import org.nucleon.core.schema.ValueType;
import org.nucleon.core.schema.Values;

/** The form of a subnet's ranges from which ports get addresses. */
final class AllocationPool {

  /** {@code {"start": address, "end": address}}. */
  static final ValueType<IpRange> TYPE =
      new ValueType<>() {
        @Override
        public IpRange parse(Object json) throws InvalidValue {
          JsonObject object = JsonObject.of(json, Set.of("start", "end"));
          IpAddress start = object.required("start", Values.ip());
          return new IpRange(start, object.required("end", Values.ip()));
        }

        @Override
        public Object render(IpRange pool) {
          Map<String, Object> json = new LinkedHashMap<>();
          json.put("start", pool.start().toString());
          json.put("end", pool.end().toString());
          return json;
        }

        @Override
        public String about() {
          return "a range of start and end";
        }

        @Override
        public Map<String, Object> schema() {
          return JsonObject.schema(Map.of("start", Values.ip(), "end", Values.ip()));
        }
      };

  private AllocationPool() {}
}
