package org.nucleon.securitygroup.api;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.nucleon.core.net.IpPrefix;
import org.nucleon.core.net.MacAddress;
import org.nucleon.core.schema.InvalidValue;
import org.nucleon.core.schema.JsonObject;
import org.nucleon.core.schema.ValueType;
import org.nucleon.core.schema.Values;

/**
 * An address that a port may use beside its own.
 *
 * @param prefix the IP address or addresses
 * @param mac the MAC address; null in a request for the port's own
 */
public record AddressPair(IpPrefix prefix, @Nullable MacAddress mac) {

  /** {@code {"ip_address": address or cidr, "mac_address": mac}}. */
  static final ValueType<AddressPair> TYPE =
      new ValueType<>() {
        @Override
        public AddressPair parse(Object json) throws InvalidValue {
          JsonObject object = JsonObject.of(json, Set.of("ip_address", "mac_address"));
          if (!object.has("ip_address")) {
            throw InvalidValue.named(
                "AllowedAddressPairsMissingIP",
                "Each of allowed_address_pairs must have an ip_address.");
          }
          return new AddressPair(
              object.required("ip_address", Values.addressOrPrefix()),
              object.optional("mac_address", Values.mac()));
        }

        @Override
        public Object render(AddressPair pair) {
          Map<String, Object> json = new LinkedHashMap<>();
          IpPrefix prefix = pair.prefix();
          boolean single = prefix.length() == prefix.address().bits();
          json.put("ip_address", single ? prefix.address().toString() : prefix.toString());
          json.put("mac_address", String.valueOf(pair.mac()));
          return json;
        }

        @Override
        public String about() {
          return "an address pair of ip_address and mac_address";
        }

        @Override
        public Map<String, Object> schema() {
          return JsonObject.schema(
              Map.of("ip_address", Values.addressOrPrefix(), "mac_address", Values.mac()));
        }
      };
}
