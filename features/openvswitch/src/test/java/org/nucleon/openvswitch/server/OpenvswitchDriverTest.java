package org.nucleon.openvswitch.server;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.nucleon.core.net.IpAddress;
import org.nucleon.core.resource.Draft;
import org.nucleon.core.resource.Resource;
import org.nucleon.core.schema.Catalog;
import org.nucleon.ml2.api.MechanismDriver.Bound;
import org.nucleon.ml2.api.MechanismDriver.Refused;
import org.nucleon.ml2.api.MechanismDriver.Result;
import org.nucleon.ml2.api.Segment;
import org.nucleon.network.api.Agents;
import org.nucleon.network.api.Binding;
import org.nucleon.network.api.NetworkFeature;
import org.nucleon.network.api.Ports;
import org.nucleon.openvswitch.api.FirewallDriver;
import org.nucleon.openvswitch.api.SwitchAgent;

final class OpenvswitchDriverTest {

  private static final SwitchAgent SWITCH =
      new SwitchAgent(
          Map.of("physnet", "br-ex"),
          Set.of("vxlan", "geneve"),
          IpAddress.parse("192.0.2.1"),
          "netdev",
          "br-int",
          FirewallDriver.OPENVSWITCH);

  private final Catalog catalog = catalog();

  private static Catalog catalog() {
    Catalog.Builder builder = Catalog.builder();
    new NetworkFeature().declare(builder);
    return builder.build();
  }

  private Resource agent(String type, boolean alive) {
    return agent(type, alive, SWITCH);
  }

  private Resource agent(String type, boolean alive, SwitchAgent agent) {
    return new Draft(catalog.layout(Agents.AGENT), UUID.randomUUID(), "")
        .set(Agents.TYPE, type)
        .set(Agents.HOST, "one")
        .set(Agents.ALIVE, alive)
        .set(Agents.CONFIGURATIONS, agent.description().configurations())
        .toResource(Instant.EPOCH);
  }

  private Result bind(String vnic, Segment segment, Resource... agents) {
    Draft port =
        new Draft(catalog.layout(Ports.PORT), UUID.randomUUID(), "")
            .set(Binding.HOST_ID, "one")
            .set(Binding.VNIC_TYPE, vnic);
    return new OpenvswitchDriver().bind(port, segment, List.of(agents));
  }

  @ParameterizedTest
  @CsvSource({"local,,", "flat,physnet,", "vlan,physnet,7", "vxlan,,4711", "geneve,,4711"})
  void servesWhatTheHostCarries(String type, String physical, Integer id) {
    assertThat(bind("normal", new Segment(type, physical, id), agent(SwitchAgent.TYPE, true)))
        .isInstanceOfSatisfying(
            Bound.class,
            bound -> {
              assertThat(bound.vifType()).isEqualTo("ovs");
              assertThat(bound.vifDetails())
                  .containsEntry("port_filter", true)
                  .containsEntry("ovs_hybrid_plug", false)
                  .containsEntry("bridge_name", "br-int")
                  .containsEntry("datapath_type", "netdev")
                  .containsEntry("bound_drivers", Map.of("0", "openvswitch"));
            });
  }

  @ParameterizedTest
  @CsvSource({"OPENVSWITCH,true,false", "IPTABLES_HYBRID,true,true", "NOOP,false,false"})
  void saysHowTheHostFilters(FirewallDriver firewall, boolean filter, boolean hybrid) {
    SwitchAgent host = new SwitchAgent(Map.of(), Set.of(), null, "netdev", "br-int", firewall);
    assertThat(
            bind("normal", new Segment("local", null, null), agent(SwitchAgent.TYPE, true, host)))
        .isInstanceOfSatisfying(
            Bound.class,
            bound ->
                assertThat(bound.vifDetails())
                    .containsEntry("port_filter", filter)
                    .containsEntry("ovs_hybrid_plug", hybrid));
  }

  @ParameterizedTest
  @CsvSource({
    "flat,other,,no bridge for physical network other",
    "vlan,other,7,no bridge for physical network other",
    "gre,,1,host one does not carry gre",
  })
  void saysWhyNot(String type, String physical, Integer id, String reason) {
    assertThat(bind("normal", new Segment(type, physical, id), agent(SwitchAgent.TYPE, true)))
        .isInstanceOfSatisfying(
            Refused.class, refused -> assertThat(refused.reason()).contains(reason));
  }

  @Test
  void needsASwitchThatIsConnected() {
    Segment segment = new Segment("local", null, null);
    assertThat(bind("normal", segment))
        .isEqualTo(new Refused("host one has no Open vSwitch agent"));
    assertThat(bind("normal", segment, agent("DHCP agent", true)))
        .isEqualTo(new Refused("host one has no Open vSwitch agent"));
    assertThat(bind("normal", segment, agent(SwitchAgent.TYPE, false)))
        .isEqualTo(new Refused("the Open vSwitch agent on host one is not connected"));
    assertThat(bind("direct", segment, agent(SwitchAgent.TYPE, true)))
        .isEqualTo(new Refused("it does not serve vnic_type direct"));
  }
}
