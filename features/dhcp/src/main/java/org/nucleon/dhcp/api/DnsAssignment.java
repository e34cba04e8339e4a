package org.nucleon.dhcp.api;

import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.nucleon.core.net.IpAddress;
import org.nucleon.core.schema.InvalidValue;
import org.nucleon.core.schema.JsonObject;
import org.nucleon.core.schema.ValueType;
import org.nucleon.core.schema.Values;

/**
 * What an address of a port is called.
 *
 * @param address the address
 * @param host its name as it is given, or the part before the domain
 * @param whole its name with the domain, and a dot at its end
 */
public record DnsAssignment(IpAddress address, String host, String whole) {

  /**
   * What an address of a port is called.
   *
   * @param name the {@code dns_name} of the port; empty for none
   * @param domain the domain of the cloud, without a dot at its end; empty for none
   */
  static DnsAssignment of(IpAddress address, String name, String domain) {
    String host = DnsNames.host(name, address, domain);
    return new DnsAssignment(
        address,
        name.isEmpty() ? host : name,
        host + (domain.isEmpty() ? "." : "." + domain.toLowerCase(Locale.ROOT) + "."));
  }

  private static final ValueType<String> NAME = Values.text(512);

  /** {@code {"ip_address": address, "hostname": name, "fqdn": name with the domain}}. */
  static final ValueType<DnsAssignment> TYPE =
      new ValueType<>() {
        @Override
        public DnsAssignment parse(Object json) throws InvalidValue {
          JsonObject object = JsonObject.of(json, Set.of("ip_address", "hostname", "fqdn"));
          return new DnsAssignment(
              object.required("ip_address", Values.ip()),
              object.required("hostname", NAME),
              object.required("fqdn", NAME));
        }

        @Override
        public Object render(DnsAssignment assignment) {
          Map<String, Object> json = new LinkedHashMap<>();
          json.put("ip_address", assignment.address().toString());
          json.put("hostname", assignment.host());
          json.put("fqdn", assignment.whole());
          return json;
        }

        @Override
        public String about() {
          return "an address with its hostname and fqdn";
        }

        @Override
        public Map<String, Object> schema() {
          return JsonObject.schema(
              Map.of("ip_address", Values.ip(), "hostname", NAME, "fqdn", NAME));
        }
      };
}
