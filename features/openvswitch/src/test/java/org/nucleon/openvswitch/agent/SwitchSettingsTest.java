package org.nucleon.openvswitch.agent;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.nucleon.core.feature.Configuration;
import org.nucleon.core.feature.Option;
import org.nucleon.core.net.IpAddress;

final class SwitchSettingsTest {

  private static Configuration configured(Map<String, String> values) {
    return new Configuration() {
      @Override
      public <T> T get(Option<T> option) {
        return option.parser().apply(values.getOrDefault(option.name(), option.defaultText()));
      }
    };
  }

  @Test
  void namesAreNeutrons() {
    IpAddress end = IpAddress.parse("10.0.1.2");
    assertThat(SwitchSettings.tunnel(TunnelType.VXLAN, end)).isEqualTo("vxlan-0a000102");
    assertThat(SwitchSettings.tunnel(TunnelType.GRE, end)).isEqualTo("gre-0a000102");
    assertThat(SwitchSettings.tunnel(TunnelType.GENEVE, end)).isEqualTo("geneve-0a000102");
    assertThat(SwitchSettings.tunnel(TunnelType.GENEVE, IpAddress.parse("2001:db8::1")))
        .hasSize(15)
        .startsWith("geneve-");
    assertThat(SwitchSettings.intPatch("br-ex")).isEqualTo("int-br-ex");
    assertThat(SwitchSettings.phyPatch("br-ex")).isEqualTo("phy-br-ex");
    // printf %s br-physical-one | sha1sum
    assertThat(SwitchSettings.intPatch("br-physical-one")).isEqualTo("int-br-phac85fd");
    assertThat(SwitchSettings.tap(UUID.fromString("01234567-89ab-cdef-0123-456789abcdef")))
        .isEqualTo("tap01234567-89");
  }

  @Test
  void readsTheOperatorsOptions() {
    SwitchSettings settings =
        SwitchOptions.settings(
            configured(
                Map.of(
                    "bridge_mappings", "physnet1:br-ex, physnet2:br-two",
                    "local_ip", "192.0.2.1",
                    "tunnel_types", "vxlan, gre",
                    "datapath_type", "netdev")));
    assertThat(settings.bridgeMappings())
        .isEqualTo(Map.of("physnet1", "br-ex", "physnet2", "br-two"));
    assertThat(settings.hasTunnels()).isTrue();
    assertThat(settings.agent().description().configurations())
        .containsEntry("tunneling_ip", "192.0.2.1")
        .containsEntry("tunnel_types", List.of("gre", "vxlan"))
        .containsEntry("datapath_type", "netdev");
  }

  @Test
  void withoutAddressThereAreNoTunnels() {
    SwitchSettings settings = SwitchOptions.settings(configured(Map.of("datapath_type", "netdev")));
    assertThat(settings.hasTunnels()).isFalse();
    assertThat(settings.tunnelTypes()).isEmpty();
    assertThat(SwitchOptions.database(Configuration.defaults()))
        .isEqualTo(Path.of("/run/openvswitch/db.sock"));
  }

  @Test
  void saysWhatIsWrong() {
    assertThatThrownBy(() -> SwitchOptions.settings(configured(Map.of("bridge_mappings", "br-ex"))))
        .hasMessageContaining("key:value expected, not br-ex");
    assertThatThrownBy(() -> SwitchOptions.settings(configured(Map.of("tunnel_types", "stt"))))
        .hasMessageContaining("[agent] tunnel_types: vxlan, gre or geneve expected, not stt");
    assertThatThrownBy(() ->
            SwitchOptions.database(configured(Map.of("ovsdb_connection", "tcp:127.0.0.1:6640"))))
        .hasMessageContaining("unix:PATH");
  }

  @ParameterizedTest
  @CsvSource({
    "openvswitch, openvswitch",
    "iptables_hybrid, iptables_hybrid",
    "noop, noop",
    "neutron.agent.linux.openvswitch_firewall.OVSFirewallDriver, openvswitch",
    "neutron.agent.linux.iptables_firewall.OVSHybridIptablesFirewallDriver, iptables_hybrid",
    "neutron.agent.firewall.NoopFirewallDriver, noop"
  })
  void firewallDriversGoByAllTheirNames(String written, String driver) {
    SwitchSettings settings =
        SwitchOptions.settings(configured(Map.of("firewall_driver", written)));
    assertThat(settings.firewall()).hasToString(driver);
    assertThat(settings.agent().description().configurations())
        .containsEntry("firewall_driver", driver)
        .containsEntry("ovs_hybrid_plug", driver.equals("iptables_hybrid"));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "iptables",
        "neutron.agent.linux.iptables_firewall.IptablesFirewallDriver",
        "nftables",
        ""
      })
  void otherFirewallDriversAreRefused(String written) {
    assertThatThrownBy(() -> SwitchOptions.settings(configured(Map.of("firewall_driver", written))))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("iptables_hybrid");
  }
}
