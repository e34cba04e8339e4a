package org.nucleon.network.server;

import java.math.BigInteger;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.nucleon.core.Caller;
import org.nucleon.core.feature.ComputedCollection;
import org.nucleon.core.net.IpAddress;
import org.nucleon.core.net.IpRange;
import org.nucleon.core.resource.Resource;
import org.nucleon.core.resource.View;
import org.nucleon.network.api.Networks;
import org.nucleon.network.api.Ports;
import org.nucleon.network.api.Subnets;

/**
 * {@code GET /v2.0/network-ip-availabilities}: how many addresses each network's allocation pools
 * have, and how many addresses its ports have.
 */
final class IpAvailability {

  private static final String VERSION = Subnets.IP_VERSION.name();

  static final ComputedCollection COLLECTION =
      new ComputedCollection(
          "network-ip-availabilities",
          "network_ip_availabilities",
          "network_ip_availability",
          "get_network_ip_availability",
          List.of("network_id", "network_name", "tenant_id", "project_id", VERSION),
          IpAvailability::rows);

  private IpAvailability() {}

  private static List<Map<String, @Nullable Object>> rows(View view, Caller caller) {
    return view.all(Networks.NETWORK).stream().map(network -> row(view, network)).toList();
  }

  private static Map<String, @Nullable Object> row(View view, Resource network) {
    List<Map<String, Object>> subnets = new ArrayList<>();
    BigInteger total = BigInteger.ZERO;
    long used = 0;
    for (Resource subnet : view.list(Subnets.NETWORK_ID, network.id())) {
      BigInteger size = size(subnet);
      long taken = used(view, subnet);
      total = total.add(size);
      used += taken;
      Map<String, Object> one = new LinkedHashMap<>();
      one.put("subnet_id", subnet.id().toString());
      one.put("subnet_name", subnet.get(Subnets.NAME));
      one.put(Subnets.CIDR.name(), subnet.get(Subnets.CIDR).toString());
      one.put(VERSION, subnet.get(Subnets.IP_VERSION));
      one.put("total_ips", size);
      one.put("used_ips", taken);
      subnets.add(one);
    }
    Map<String, @Nullable Object> row = new LinkedHashMap<>();
    row.put("network_id", network.id().toString());
    row.put("network_name", network.get(Networks.NAME));
    row.put("tenant_id", network.project());
    row.put("project_id", network.project());
    row.put("total_ips", total);
    row.put("used_ips", used);
    row.put("subnet_ip_availability", subnets);
    return row;
  }

  private static BigInteger size(Resource subnet) {
    BigInteger size = BigInteger.ZERO;
    for (IpRange pool : subnet.get(Subnets.ALLOCATION_POOLS)) {
      size = size.add(number(pool.end()).subtract(number(pool.start())).add(BigInteger.ONE));
    }
    return size;
  }

  private static BigInteger number(IpAddress address) {
    return new BigInteger(1, address.bytes());
  }

  private static long used(View view, Resource subnet) {
    return view.list(Ports.FIXED_IPS, subnet.id()).stream()
        .flatMap(port -> port.get(Ports.FIXED_IPS).stream())
        .filter(ip -> ip.subnet().equals(subnet.id()))
        .count();
  }
}
