package org.nucleon.dhcp.agent;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.function.Consumer;
import org.nucleon.core.net.IpAddress;
import org.nucleon.core.net.IpPrefix;
import org.nucleon.core.net.MacAddress;
import org.nucleon.core.resource.Draft;
import org.nucleon.core.resource.Resource;
import org.nucleon.core.schema.Catalog;
import org.nucleon.core.schema.ResourceType;
import org.nucleon.core.state.Change;
import org.nucleon.core.state.ChangeSet;
import org.nucleon.core.state.Picture;
import org.nucleon.dhcp.api.Dhcp;
import org.nucleon.dhcp.api.DhcpFeature;
import org.nucleon.network.api.DeviceOwner;
import org.nucleon.network.api.FixedIp;
import org.nucleon.network.api.NetworkFeature;
import org.nucleon.network.api.Networks;
import org.nucleon.network.api.Ports;
import org.nucleon.network.api.Subnets;

/** What a host's agent sees of a cloud with one network, as the server would have made it. */
final class Cloud {
  static final String HOST = "h1";
  static final UUID NETWORK = new UUID(1, 1);
  static final UUID SUBNET = new UUID(2, 1);
  static final UUID OTHER_SUBNET = new UUID(2, 2);
  static final UUID DHCP_PORT = new UUID(0x3000_0000_0000_0000L, 1);

  private static final Instant NOW = Instant.ofEpochSecond(0);
  private final Catalog catalog;
  private Picture picture;

  Cloud() {
    Catalog.Builder builder = Catalog.builder();
    new NetworkFeature().declare(builder);
    new DhcpFeature().declare(builder);
    catalog = builder.build();
    picture = Picture.empty(catalog, 0);
    make(Networks.NETWORK, NETWORK, n -> n.set(Networks.MTU, 1450).set(Dhcp.HOSTS, List.of(HOST)));
    subnet(SUBNET, "10.0.0.0/24", "10.0.0.1", s -> s.set(Subnets.ENABLE_DHCP, true));
    port(
        DHCP_PORT,
        "fa:16:3e:00:00:02",
        "10.0.0.2",
        p ->
            p.set(Ports.DEVICE_OWNER, DeviceOwner.DHCP)
                .set(Ports.DEVICE_ID, Dhcp.deviceId(HOST, NETWORK)));
  }

  Picture picture() {
    return picture;
  }

  Resource get(ResourceType type, UUID id) {
    return picture.get(type, id);
  }

  Change subnet(UUID id, String cidr, String gateway, Consumer<Draft> more) {
    return make(
        Subnets.SUBNET,
        id,
        s -> {
          s.set(Subnets.NETWORK_ID, NETWORK)
              .set(Subnets.IP_VERSION, IpPrefix.parse(cidr).version())
              .set(Subnets.CIDR, IpPrefix.parse(cidr))
              .set(Subnets.GATEWAY_IP, gateway == null ? null : IpAddress.parse(gateway))
              .set(Subnets.ALLOCATION_POOLS, List.of());
          more.accept(s);
        });
  }

  Change port(UUID id, String mac, String address, Consumer<Draft> more) {
    return make(
        Ports.PORT,
        id,
        p -> {
          p.set(Ports.NETWORK_ID, NETWORK)
              .set(Ports.MAC_ADDRESS, MacAddress.parse(mac))
              .set(Ports.FIXED_IPS, List.of(new FixedIp(SUBNET, IpAddress.parse(address))));
          more.accept(p);
        });
  }

  Change make(ResourceType type, UUID id, Consumer<Draft> fill) {
    Draft draft = new Draft(catalog.layout(type), id, "");
    fill.accept(draft);
    return apply(new Change(type, id, null, draft.toResource(NOW)));
  }

  Change update(ResourceType type, UUID id, Consumer<Draft> change) {
    Resource before = picture.get(type, id);
    Draft draft = new Draft(before);
    change.accept(draft);
    return apply(new Change(type, id, before, draft.toResource(NOW)));
  }

  Change delete(ResourceType type, UUID id) {
    return apply(new Change(type, id, picture.get(type, id), null));
  }

  private Change apply(Change change) {
    long number = picture.number() + 1;
    Resource after = change.after() == null ? null : change.after().committedAs(number);
    Change committed = new Change(change.type(), change.id(), change.before(), after);
    List<Change> changes = new ArrayList<>(List.of(committed));
    picture = picture.apply(ChangeSet.of(number, changes));
    return committed;
  }
}
