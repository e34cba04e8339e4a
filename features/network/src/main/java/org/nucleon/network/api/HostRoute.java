package org.nucleon.network.api;

import java.util.Map;
import java.util.Set;
import org.nucleon.core.net.IpAddress;
import org.nucleon.core.net.IpPrefix;
import org.nucleon.core.schema.InvalidValue;
import org.nucleon.core.schema.JsonObject;
import org.nucleon.core.schema.ValueType;
import org.nucleon.core.schema.Values;

/**
 * A static route, of a subnet's hosts or of a router.
 *
 * @param destination where to
 * @param nexthop over which address
 */
public record HostRoute(IpPrefix destination, IpAddress nexthop) {

  /** {@code {"destination": cidr, "nexthop": address}}. */
  public static final ValueType<HostRoute> TYPE =
      new ValueType<>() {
        @Override
        public HostRoute parse(Object json) throws InvalidValue {
          JsonObject object = JsonObject.of(json, Set.of("destination", "nexthop"));
          return new HostRoute(
              object.required("destination", Values.strictPrefix()),
              object.required("nexthop", Values.ip()));
        }

        @Override
        public Object render(HostRoute route) {
          return Map.of(
              "destination", route.destination().toString(),
              "nexthop", route.nexthop().toString());
        }

        @Override
        public String about() {
          return "a route of destination and nexthop";
        }

        @Override
        public Map<String, Object> schema() {
          return JsonObject.schema(
              Map.of("destination", Values.strictPrefix(), "nexthop", Values.ip()));
        }
      };
}
