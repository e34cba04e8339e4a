package org.nucleon.router.server;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.nucleon.core.feature.ComputedCollection;
import org.nucleon.core.feature.Configuration;
import org.nucleon.core.feature.Option;

/** {@code /service-providers}: who provides what beside networks, as the configuration names it. */
final class ServiceProviders {

  private static final Option<List<String>> PROVIDERS =
      Option.multi(
          "service_providers",
          "service_provider",
          "L3_ROUTER_NAT:single_node:nucleon:default",
          "TYPE:NAME:DRIVER[:default], one a line");

  private static final List<String> TYPES =
      List.of(
          "CORE",
          "DUMMY",
          "FIREWALL",
          "L3_ROUTER_NAT",
          "LOADBALANCER",
          "LOADBALANCERV2",
          "METERING",
          "QOS",
          "VPN");

  private ServiceProviders() {}

  /**
   * The collection.
   *
   * @throws IllegalArgumentException naming the line that is wrong
   */
  static ComputedCollection collection(Configuration configuration) {
    List<Map<String, @Nullable Object>> providers = parse(configuration.get(PROVIDERS));
    return new ComputedCollection(
        "service-providers",
        "service_providers",
        "get_service_provider",
        List.of("service_type", "name", "default"),
        (view, caller) -> providers);
  }

  private static List<Map<String, @Nullable Object>> parse(List<String> lines) {
    List<Map<String, @Nullable Object>> providers = new ArrayList<>();
    Set<String> names = new HashSet<>();
    Set<String> defaults = new HashSet<>();
    for (String line : lines) {
      String[] parts = line.split(":", -1);
      boolean isDefault = parts.length == 4 && parts[3].strip().equals("default");
      if (parts.length < 3 || parts.length > 4 || parts.length == 4 && !isDefault) {
        throw wrong(line, "TYPE:NAME:DRIVER[:default] is expected");
      }
      String type = parts[0].strip().toUpperCase(Locale.ROOT);
      String name = parts[1].strip();
      if (!TYPES.contains(type)) {
        throw wrong(line, "the service type is none of " + TYPES);
      }
      if (name.isEmpty() || name.length() > 255 || parts[2].isBlank()) {
        throw wrong(line, "name and driver are expected");
      }
      if (!names.add(type + ":" + name)) {
        throw wrong(line, "there is another provider of that type and name");
      }
      if (isDefault && !defaults.add(type)) {
        throw wrong(line, "there is another default provider of that type");
      }
      Map<String, @Nullable Object> provider = new LinkedHashMap<>();
      provider.put("service_type", type);
      provider.put("name", name);
      provider.put("default", isDefault);
      providers.add(provider);
    }
    return List.copyOf(providers);
  }

  private static IllegalArgumentException wrong(String line, String why) {
    return new IllegalArgumentException(PROVIDERS + " = " + line + ": " + why);
  }
}
