package org.nucleon.openvswitch.agent;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.function.Consumer;
import org.nucleon.core.net.IpAddress;
import org.nucleon.core.net.MacAddress;
import org.nucleon.core.resource.Draft;
import org.nucleon.core.resource.Resource;
import org.nucleon.core.schema.Catalog;
import org.nucleon.core.schema.ResourceType;
import org.nucleon.core.state.Change;
import org.nucleon.core.state.ChangeSet;
import org.nucleon.core.state.Picture;
import org.nucleon.ml2.api.Ml2Feature;
import org.nucleon.ml2.api.Provider;
import org.nucleon.ml2.api.Segment;
import org.nucleon.network.api.Agents;
import org.nucleon.network.api.Binding;
import org.nucleon.network.api.FixedIp;
import org.nucleon.network.api.NetworkFeature;
import org.nucleon.network.api.Networks;
import org.nucleon.network.api.Ports;
import org.nucleon.openvswitch.api.FirewallDriver;
import org.nucleon.openvswitch.api.SwitchAgent;
import org.nucleon.securitygroup.api.Direction;
import org.nucleon.securitygroup.api.PortSecurity;
import org.nucleon.securitygroup.api.SecurityGroupFeature;
import org.nucleon.securitygroup.api.SecurityGroupRules;
import org.nucleon.securitygroup.api.SecurityGroups;

/** Resources as a server would send them, made without one. */
final class Cloud {

  static final String HERE = "here";
  static final String THERE = "there";

  private Picture picture = Picture.empty(catalog(), 0);
  private final List<Change> changes = new ArrayList<>();

  private static Catalog catalog() {
    Catalog.Builder builder = Catalog.builder();
    new NetworkFeature().declare(builder);
    new Ml2Feature().declare(builder);
    new SecurityGroupFeature().declare(builder);
    return builder.build();
  }

  /** The resources now. */
  Picture picture() {
    return picture;
  }

  /** The changes since this was last asked. */
  List<Change> takeChanges() {
    List<Change> taken = List.copyOf(changes);
    changes.clear();
    return taken;
  }

  Resource create(ResourceType type, UUID id, Consumer<Draft> fill) {
    Draft draft = new Draft(picture.catalog().layout(type), id, "project");
    fill.accept(draft);
    Resource resource = draft.toResource(Instant.EPOCH);
    apply(new Change(type, id, null, resource));
    return resource;
  }

  void update(ResourceType type, UUID id, Consumer<Draft> change) {
    Resource before = picture.get(type, id);
    Draft draft = new Draft(before);
    change.accept(draft);
    Resource after = draft.toResource(Instant.EPOCH);
    if (after != before) {
      apply(new Change(type, id, before, after));
    }
  }

  void delete(ResourceType type, UUID id) {
    apply(new Change(type, id, picture.get(type, id), null));
  }

  private void apply(Change change) {
    changes.add(change);
    picture = picture.apply(ChangeSet.of(picture.number() + 1, List.of(change)));
  }

  void host(String name, String tunnelEnd) {
    host(name, tunnelEnd, Map.of(), "vxlan");
  }

  /** A host, or what it now tells of itself. */
  void host(String name, String tunnelEnd, Map<String, String> mappings, String... tunnelTypes) {
    UUID id = UUID.nameUUIDFromBytes(name.getBytes(UTF_8));
    SwitchAgent agent =
        new SwitchAgent(
            mappings,
            Set.of(tunnelTypes),
            tunnelEnd == null ? null : IpAddress.parse(tunnelEnd),
            "netdev",
            "br-int",
            FirewallDriver.OPENVSWITCH);
    Consumer<Draft> fill =
        draft ->
            draft
                .set(Agents.TYPE, SwitchAgent.TYPE)
                .set(Agents.HOST, name)
                .set(Agents.ALIVE, true)
                .set(Agents.CONFIGURATIONS, agent.description().configurations());
    if (picture.find(Agents.AGENT, id).isPresent()) {
      update(Agents.AGENT, id, fill);
    } else {
      create(Agents.AGENT, id, fill);
    }
  }

  UUID network(UUID id, String type, String physical, Integer segment) {
    create(
        Networks.NETWORK,
        id,
        draft ->
            draft
                .set(PortSecurity.ON_NETWORK, true)
                .set(Provider.NETWORK_TYPE, type)
                .set(Provider.PHYSICAL_NETWORK, physical)
                .set(Provider.SEGMENTATION_ID, segment));
    return id;
  }

  UUID network(UUID id, Segment... segments) {
    create(
        Networks.NETWORK,
        id,
        draft ->
            draft.set(PortSecurity.ON_NETWORK, true).set(Provider.SEGMENTS, List.of(segments)));
    return id;
  }

  UUID port(UUID id, UUID network, String host, String mac, String ip, UUID... groups) {
    create(
        Ports.PORT,
        id,
        draft -> {
          draft
              .set(Ports.NETWORK_ID, network)
              .set(Ports.MAC_ADDRESS, MacAddress.parse(mac))
              .set(Ports.FIXED_IPS, fixed(network, ip))
              .set(PortSecurity.ENABLED, true)
              .set(SecurityGroups.OF_PORT, List.of(groups));
          bind(draft, host);
        });
    return id;
  }

  static List<FixedIp> fixed(UUID subnet, String ip) {
    return List.of(new FixedIp(subnet, IpAddress.parse(ip)));
  }

  static void bind(Draft port, String host) {
    port.set(Binding.HOST_ID, host).set(Binding.VIF_TYPE, host.isEmpty() ? "unbound" : "ovs");
  }

  UUID group(UUID id) {
    create(SecurityGroups.SECURITY_GROUP, id, _ -> {});
    return id;
  }

  UUID rule(UUID id, UUID group, Direction direction, Consumer<Draft> fill) {
    create(
        SecurityGroupRules.RULE,
        id,
        draft -> {
          draft
              .set(SecurityGroupRules.SECURITY_GROUP_ID, group)
              .set(SecurityGroupRules.DIRECTION, direction);
          fill.accept(draft);
        });
    return id;
  }
}
