package org.nucleon.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.nucleon.server.Features;
import org.nucleon.server.NucleonServer;
import org.nucleon.server.config.IniConfiguration;
import org.nucleon.server.config.Unused;
import org.nucleon.server.plugin.Plugins;

/** Neutron's files as operators have them: what acts, and what is told of the rest. */
final class ConfigurationTest {

  private static final String NEUTRON =
      """
      [DEFAULT]
      core_plugin = ml2
      service_plugins = router
      auth_strategy = keystone
      bind_host = 0.0.0.0
      bind_port = 9797
      transport_url = rabbit://openstack:RABBIT@controller
      dhcp_agents_per_network = 2
      default_availability_zones = az1,az2
      vlan_transparent = True
      notify_nova_on_port_status_changes = true
      sql_max_retries = -1
      max_rotes = 50

      [database]
      connection = mysql+pymysql://neutron:DBPASS@controller/neutron
      max_pool_size = 5

      [keystone_authtoken]
      auth_uri = http://controller:5000
      auth_url = http://controller:5000
      memcached_servers = controller:11211
      username = neutron
      password = SECRET
      project_name = service

      [nova]
      auth_url = http://controller:5000
      region_name = RegionOne
      username = nova
      password = NOVAPASS
      project_name = service

      [oslo_concurrency]
      lock_path = /var/lib/neutron/tmp

      [oslo_messaging_rabbit]
      rabbit_host = controller
      """;

  private static final String ML2 =
      """
      [ml2]
      type_drivers = flat,vlan,vxlan
      tenant_network_types = vxlan
      mechanism_drivers = openvswitch
      segment_mtu = 9000
      physical_network_mtus = physnet1:1500,physnet2:9000
      [ml2_type_vlan]
      network_vlan_ranges = physnet1:100:199
      [ml2_type_vxlan]
      vni_ranges = 1:1000
      [securitygroup]
      enable_ipset = true
      """;

  private static final String OPENVSWITCH =
      """
      [ovs]
      local_ip = 10.0.0.31
      bridge_mappings = physnet1:br-eth1,physnet2:br-eth2
      [agent]
      tunnel_types = vxlan
      l2_population = True
      """;

  private static final String L3_AND_DHCP =
      """
      [DEFAULT]
      interface_driver = openvswitch
      dhcp_domain = example.org
      [AGENT]
      availability_zone = az1
      report_interval = 15
      """;

  @TempDir Path folder;

  private IniConfiguration read(String... texts) throws IOException, Refusal {
    IniConfiguration configuration = new IniConfiguration();
    for (int i = 0; i < texts.length; i++) {
      configuration.add(Files.writeString(folder.resolve(i + ".conf"), texts[i]));
    }
    Features features = Features.load(Plugins.none(), configuration);
    NucleonServer.configure(features, Plugins.none(), configuration);
    RunningAgent.configure(configuration, Plugins.none());
    return configuration;
  }

  private static Map<String, String> values(IniConfiguration configuration) {
    return configuration.inUse().stream()
        .filter(one -> !one.place().equals("default"))
        .collect(Collectors.toMap(one -> one.option().toString(), one -> one.value()));
  }

  @Test
  void filesOfAnInstallationAct() throws Exception {
    assertThat(values(read(NEUTRON, ML2, OPENVSWITCH, L3_AND_DHCP)))
        .containsEntry("[DEFAULT] core_plugin", "ml2")
        .containsEntry("[DEFAULT] bind_port", "9797")
        .containsEntry("[DEFAULT] vlan_transparent", "True")
        .containsEntry("[DEFAULT] dhcp_agents_per_network", "2")
        .containsEntry("[database] connection", "***")
        .containsEntry("[keystone_authtoken] password", "***")
        .containsEntry("[nova] region_name", "RegionOne")
        .containsEntry("[ml2] physical_network_mtus", "physnet1:1500,physnet2:9000")
        .containsEntry("[ml2_type_vxlan] vni_ranges", "1:1000")
        .containsEntry("[ovs] bridge_mappings", "physnet1:br-eth1,physnet2:br-eth2")
        .containsEntry("[ovs] local_ip", "10.0.0.31")
        .containsEntry("[agent] availability_zone", "az1")
        .containsEntry("[agent] report_interval", "15");
  }

  @Test
  void olderNamesActAndAreNamed() throws Exception {
    IniConfiguration configuration = read(NEUTRON, ML2, OPENVSWITCH, L3_AND_DHCP);
    assertThat(values(configuration))
        .containsEntry("[DEFAULT] dns_domain", "example.org")
        .containsEntry("[DEFAULT] global_physnet_mtu", "9000")
        .containsEntry("[database] max_retries", "-1")
        .containsEntry("[keystone_authtoken] www_authenticate_uri", "http://controller:5000");
    assertThat(configuration.unused().renamed())
        .containsExactlyInAnyOrder(
            "[DEFAULT] dhcp_domain is now [DEFAULT] dns_domain",
            "[ml2] segment_mtu is now [DEFAULT] global_physnet_mtu",
            "[DEFAULT] sql_max_retries is now [database] max_retries",
            "[keystone_authtoken] auth_uri is now [keystone_authtoken] www_authenticate_uri");
    assertThat(values(read(L3_AND_DHCP + "[DEFAULT]\ndns_domain = new.example\n")))
        .containsEntry("[DEFAULT] dns_domain", "new.example");
  }

  @Test
  void restIsToldOfOnce() throws Exception {
    Unused unused = read(NEUTRON, ML2, OPENVSWITCH, L3_AND_DHCP).unused();
    assertThat(unused.sections())
        .containsExactlyInAnyOrder("[oslo_concurrency]", "[oslo_messaging_rabbit]");
    assertThat(unused.options())
        .contains(
            "[DEFAULT] max_rotes (is [DEFAULT] max_routes meant?)",
            "[agent] l2_population",
            "[database] max_pool_size")
        .doesNotContain("[DEFAULT] dhcp_domain", "[DEFAULT] bind_port");
    assertThat(unused.lines()).hasSize(3);
  }

  @Test
  void whatCannotBeReadIsToldWithItsLine() {
    for (List<String> wrong :
        List.of(
            List.of("[ovs]\nbridge_mappings = physnet1\n", "key:value expected"),
            List.of("[ovs]\nbridge_mappings = a:b,a:c\n", "a is there twice"),
            List.of("[ml2]\n\nphysical_network_mtus = a:b:\n", "key:value expected"),
            List.of("[agent]\nreport_interval = soon\n", "whole number"),
            List.of("[DEFAULT]\nallow_automatic_dhcp_failover = perhaps\n", "true or false"))) {
      long line = wrong.getFirst().lines().count();
      assertThatThrownBy(() -> read(wrong.getFirst()))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessageContaining("0.conf, line " + line)
          .hasMessageContaining(wrong.getLast());
    }
  }
}
