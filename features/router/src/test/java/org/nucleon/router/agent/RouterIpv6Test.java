package org.nucleon.router.agent;

import static org.assertj.core.api.Assertions.assertThat;
import static org.nucleon.router.agent.RouterCloud.*;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.nucleon.agent.device.AddressItem;
import org.nucleon.agent.device.DeviceItem;
import org.nucleon.agent.device.NatItem;
import org.nucleon.agent.device.ProgramItem;
import org.nucleon.agent.device.RouteItem;
import org.nucleon.agent.device.RouteItem.Hop;
import org.nucleon.core.net.IpAddress;
import org.nucleon.network.api.FixedIp;
import org.nucleon.network.api.Ipv6Mode;
import org.nucleon.network.api.Ports;
import org.nucleon.network.api.Subnets;

/** What is planned for a router that speaks IPv6. */
class RouterIpv6Test {
  private static final UUID INSIDE = new UUID(3, 6);
  private static final UUID SECOND = new UUID(3, 7);
  private static final UUID OUTSIDE = new UUID(3, 8);
  private static final Radvd RADVD = new Radvd(Path.of("/run/x"));

  private final RouterCloud cloud = new RouterCloud();
  private Optional<IpAddress> upstream = Optional.empty();

  private RouterCloud.Planned plan() throws Exception {
    return cloud.plan(new RouterPlanner(RADVD, upstream));
  }

  private void inside(UUID id, String cidr, String address, Ipv6Mode mode) {
    cloud.subnet(id, TENANT, cidr, address);
    cloud.update(Subnets.SUBNET, id, s -> s.set(Subnets.RA_MODE, mode));
    addAddress(INTERFACE_PORT, id, address);
  }

  private void addAddress(UUID port, UUID subnet, String address) {
    List<FixedIp> all = new ArrayList<>(cloud.picture().get(Ports.PORT, port).get(Ports.FIXED_IPS));
    all.add(new FixedIp(subnet, IpAddress.parse(address)));
    cloud.update(Ports.PORT, port, p -> p.set(Ports.FIXED_IPS, List.copyOf(all)));
  }

  private List<String> devices() throws Exception {
    return plan().of(DeviceItem.class).stream()
        .map(item -> item.name().substring(0, 3) + " " + item.ipv6())
        .sorted()
        .toList();
  }

  private Optional<Hop> defaultRoute() throws Exception {
    return plan().of(RouteItem.class).stream()
        .filter(route -> route.destination().toString().equals("0:0:0:0:0:0:0:0/0"))
        .findFirst()
        .map(RouteItem::hop);
  }

  private String advertised() throws Exception {
    return plan().of(ProgramItem.class).getFirst().reloaded().get("radvd.conf");
  }

  @Test
  void withoutIpv6SubnetsNothingSpeaksIt() throws Exception {
    assertThat(devices()).containsExactly("qg- OFF", "qr- OFF");
    assertThat(plan().of(ProgramItem.class)).isEmpty();
  }

  @Test
  void prefixesAreAdvertisedAsTheirModesSay() throws Exception {
    inside(INSIDE, "2001:db8:1::/64", "2001:db8:1::1", Ipv6Mode.SLAAC);
    cloud.update(
        Subnets.SUBNET,
        INSIDE,
        s -> s.set(Subnets.DNS_NAMESERVERS, List.of(IpAddress.parse("2001:db8::53"))));
    inside(SECOND, "2001:db8:2::/64", "2001:db8:2::1", Ipv6Mode.DHCPV6_STATEFUL);
    assertThat(advertised())
        .startsWith("interface qr-50000000-00 {")
        .contains(
            "AdvLinkMTU 1450;",
            "AdvManagedFlag on;",
            "AdvOtherConfigFlag off;",
            "prefix 2001:db8:1::/64 {\n    AdvOnLink on;\n    AdvAutonomous on;",
            "prefix 2001:db8:2::/64 {\n    AdvOnLink on;\n    AdvAutonomous off;",
            "RDNSS 2001:db8::53 {};");
    cloud.update(Subnets.SUBNET, SECOND, s -> s.set(Subnets.RA_MODE, Ipv6Mode.DHCPV6_STATELESS));
    assertThat(advertised()).contains("AdvManagedFlag off;", "AdvOtherConfigFlag on;");
    assertThat(plan().of(AddressItem.class))
        .extracting(item -> item.prefix().toString())
        .contains("2001:db8:1:0:0:0:0:1/64", "2001:db8:2:0:0:0:0:1/64");
  }

  @Test
  void subnetsThatNobodyAdvertisesAreRoutedAllTheSame() throws Exception {
    cloud.subnet(INSIDE, TENANT, "2001:db8:1::/64", "2001:db8:1::1");
    addAddress(INTERFACE_PORT, INSIDE, "2001:db8:1::1");
    assertThat(devices()).contains("qr- PLANNED");
    assertThat(plan().of(ProgramItem.class)).isEmpty();
  }

  @Test
  void anExternalNetworkWithoutIpv6SubnetsTellsItsRouterByAdvertisements() throws Exception {
    inside(INSIDE, "2001:db8:1::/64", "2001:db8:1::1", Ipv6Mode.SLAAC);
    assertThat(devices()).containsExactly("qg- ADVERTISED", "qr- PLANNED");
    assertThat(defaultRoute()).isEmpty();
  }

  @Test
  void orTheRouterIsToldByTheOperator() throws Exception {
    inside(INSIDE, "2001:db8:1::/64", "2001:db8:1::1", Ipv6Mode.SLAAC);
    upstream = Optional.of(IpAddress.parse("fe80::1"));
    assertThat(devices()).containsExactly("qg- PLANNED", "qr- PLANNED");
    assertThat(defaultRoute()).get().isInstanceOf(Hop.LinkLocalGateway.class);
  }

  @Test
  void orTheExternalSubnetHasOne() throws Exception {
    inside(INSIDE, "2001:db8:1::/64", "2001:db8:1::1", Ipv6Mode.SLAAC);
    cloud.subnet(OUTSIDE, EXTERNAL, "2001:db8:f::/64", "2001:db8:f::1");
    addAddress(GATEWAY_PORT, OUTSIDE, "2001:db8:f::5");
    assertThat(devices()).containsExactly("qg- PLANNED", "qr- PLANNED");
    assertThat(defaultRoute())
        .contains(new Hop.Gateway(IpAddress.parse("2001:db8:f::1").toInetAddress()));
    var table = plan().of(NatItem.class).getFirst().table();
    assertThat(table).isNotNull();
    assertThat(table.text()).contains("192.0.2.5").doesNotContain("2001:db8");
  }
}
