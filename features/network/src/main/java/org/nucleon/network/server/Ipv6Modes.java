package org.nucleon.network.server;

import java.util.Optional;
import org.nucleon.core.ApiException;
import org.nucleon.core.net.IpPrefix;
import org.nucleon.core.resource.Draft;
import org.nucleon.network.api.Ipv6Mode;
import org.nucleon.network.api.Subnets;

/** Which {@code ipv6_ra_mode} and {@code ipv6_address_mode} go together, and with what else. */
final class Ipv6Modes {

  /** RFC 4291, 2.5.1: the other half is the interface identifier. */
  private static final int PREFIX_LENGTH = 64;

  private Ipv6Modes() {}

  /**
   * Refuses modes that contradict each other or the rest of the subnet.
   *
   * @throws ApiException 400
   */
  static void check(Draft subnet, IpPrefix cidr) {
    Optional<Ipv6Mode> advertised = subnet.find(Subnets.RA_MODE);
    Optional<Ipv6Mode> addresses = subnet.find(Subnets.ADDRESS_MODE);
    if (advertised.isEmpty() && addresses.isEmpty()) {
      return;
    }
    if (cidr.version() == 4) {
      throw ApiException.invalidInput(
          "ipv6_ra_mode and ipv6_address_mode cannot be set where ip_version is 4");
    }
    if (!subnet.get(Subnets.ENABLE_DHCP)) {
      throw ApiException.invalidInput(
          "ipv6_ra_mode or ipv6_address_mode cannot be set when enable_dhcp is set to False");
    }
    if (advertised.isPresent() && addresses.isPresent() && !advertised.equals(addresses)) {
      throw ApiException.invalidInput(
          "ipv6_ra_mode set to '"
              + advertised.get()
              + "' with ipv6_address_mode set to '"
              + addresses.get()
              + "' is not valid. If both attributes are set, they must be the same value");
    }
    if (Subnets.isAutoAddress(subnet) && cidr.length() != PREFIX_LENGTH) {
      throw ApiException.invalidInput(
          "Invalid CIDR "
              + cidr
              + " for IPv6 address mode. Hosts make the other half of their addresses of their MAC"
              + " addresses, so the prefix must be /64");
    }
  }
}
