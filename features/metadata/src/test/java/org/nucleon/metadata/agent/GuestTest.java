package org.nucleon.metadata.agent;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.nucleon.core.net.IpAddress;
import org.nucleon.core.net.IpPrefix;
import org.nucleon.core.net.MacAddress;
import org.nucleon.network.api.FixedIp;
import org.nucleon.network.api.Ports;

/** Who is taken for whom. */
class GuestTest {
  private final MetadataCloud cloud = new MetadataCloud();

  private Optional<String> onNetwork(int n, String address) {
    return find(new Place.OfNetwork(MetadataCloud.network(n)), address);
  }

  private Optional<String> onRouter(int n, String address) {
    return find(new Place.OfRouter(MetadataCloud.router(n)), address);
  }

  private Optional<String> find(Place place, String address) {
    return Guest.find(cloud.picture(), place, IpAddress.parse(address))
        .map(guest -> guest.instance() + " of " + guest.project());
  }

  @Test
  void theSameAddressIsAnotherGuestAtAnotherPlace() {
    cloud.served(1, "10.0.0.0/24");
    cloud.served(2, "10.0.0.0/24");
    cloud.served(3, "10.0.3.0/24");
    cloud.guest(1, 1, "10.0.0.10", "one", "red");
    cloud.guest(2, 2, "10.0.0.10", "two", "blue");
    cloud.guest(3, 3, "10.0.3.10", "three", "red");
    cloud.addRouter(1);
    cloud.addRouter(2);
    cloud.attached(1, 1, 1, "10.0.0.1");
    cloud.attached(2, 2, 2, "10.0.0.1");
    cloud.attached(3, 1, 3, "10.0.3.1");

    assertThat(onNetwork(1, "10.0.0.10")).contains("one of red");
    assertThat(onNetwork(2, "10.0.0.10")).contains("two of blue");
    assertThat(onNetwork(3, "10.0.0.10")).as("not on this network").isEmpty();
    assertThat(onRouter(1, "10.0.0.10")).contains("one of red");
    assertThat(onRouter(2, "10.0.0.10")).contains("two of blue");
    assertThat(onRouter(1, "10.0.3.10")).contains("three of red");
    assertThat(onRouter(2, "10.0.3.10")).as("not behind this router").isEmpty();
  }

  @Test
  void aRouterKnowsOnlyTheSubnetsThatItIsOn() {
    cloud.served(1, "10.0.0.0/24");
    cloud.served(2, "10.0.2.0/24");
    cloud.subnet(3, 2, "10.0.0.0/24");
    cloud.guest(1, 1, "10.0.0.10", "one", "red");
    cloud.guest(2, 2, "10.0.2.10", "two", "blue");
    cloud.update(
        Ports.PORT,
        MetadataCloud.guest(2),
        p ->
            p.set(
                Ports.FIXED_IPS,
                List.of(new FixedIp(MetadataCloud.subnet(3), IpAddress.parse("10.0.0.10")))));
    cloud.addRouter(1);
    cloud.attached(1, 1, 1, "10.0.0.1");
    cloud.attached(2, 1, 2, "10.0.2.1");
    assertThat(onRouter(1, "10.0.0.10")).contains("one of red");
  }

  @Test
  void whatIsNoGuestsIsNobody() {
    cloud.served(1, "10.0.0.0/24");
    cloud.guest(1, 1, "10.0.0.10", "", "red");
    assertThat(onNetwork(1, "10.0.0.10")).as("a port of no device").isEmpty();
    assertThat(onNetwork(1, "10.0.0.2")).as("the DHCP server").isEmpty();
    assertThat(onNetwork(1, "10.0.0.99")).as("nobody's address").isEmpty();
    cloud.guest(2, 1, "10.0.0.11", "two", "red");
    assertThat(onNetwork(1, "10.0.0.11")).contains("two of red");
  }

  /** The address that goes with a guest's MAC address; on another link it is another's. */
  @Test
  void aLinkLocalAddressIsTheGuestsWithThatMacAddress() {
    cloud.served(1, "2001:db8:1::/64");
    cloud.served(2, "2001:db8:2::/64");
    cloud.guest(1, 1, "2001:db8:1::10", "one", "red");
    cloud.guest(2, 2, "2001:db8:2::10", "two", "blue");
    cloud.addRouter(1);
    cloud.attached(1, 1, 1, "2001:db8:1::1");
    cloud.attached(2, 1, 2, "2001:db8:2::1");
    MacAddress mac = cloud.picture().get(Ports.PORT, MetadataCloud.guest(1)).get(Ports.MAC_ADDRESS);
    String address = IpPrefix.LINK_LOCAL.eui64(mac).toString();
    assertThat(onNetwork(1, address)).contains("one of red");
    assertThat(onNetwork(1, "2001:db8:1::10")).contains("one of red");
    assertThat(onNetwork(2, address)).as("another link").isEmpty();
    assertThat(onRouter(1, address)).as("which link is not known").isEmpty();
    assertThat(onNetwork(1, "fe80::a9fe:a9fe")).as("the service itself").isEmpty();
    cloud.update(Ports.PORT, MetadataCloud.guest(2), p -> p.set(Ports.MAC_ADDRESS, mac));
    assertThat(onNetwork(2, address)).as("with the same MAC address there").contains("two of blue");
  }
}
