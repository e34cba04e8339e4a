package org.nucleon.lab;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.jar.Attributes;
import java.util.jar.JarEntry;
import java.util.jar.JarOutputStream;
import java.util.jar.Manifest;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.nucleon.agent.api.HostFeature;
import org.nucleon.core.feature.Feature;
import org.nucleon.core.feature.ServerFeature;
import org.nucleon.openvswitch.api.TrafficConditioner;

/** A plugin in the state folder of a host's agent acts there. */
@Tag("lab")
@LabScenario
final class HostPluginTest {

  private static final Duration LIMIT = Duration.ofSeconds(20);

  @Test
  void conditionsOfTrafficFromAPlugin(Lab lab) throws Exception {
    LabHost h1 = lab.host("h1");
    install(plugin(lab, MarkedByName.class, TrafficConditioner.class), h1.machine());
    Cloud cloud = Cloud.on(lab, h1);
    String network = cloud.network("red", "10.0.0.0/24");
    Guest marked = cloud.settled(h1, MarkedByName.NAME, network, Map.of());
    Guest plain = cloud.settled(h1, "plain", network, Map.of());
    Guest receiver = cloud.settled(h1, "receiver", network, Map.of());
    String to = cloud.address("receiver");
    try (Capture heard = receiver.capture(Guest.DEVICE)) {
      for (Guest guest : new Guest[] {marked, plain}) {
        Eventually.within(LIMIT, guest + " reaches the receiver", () -> guest.ping(to));
        String mac = guest.machine().exec("cat", "/sys/class/net/eth0/address").strip();
        Frame frame =
            heard.await(
                LIMIT,
                "a packet of " + guest,
                one -> one.etherType() == Frame.IPV4 && one.sourceMac().equals(mac));
        assertThat(frame.dscp())
            .as("%s", guest)
            .isEqualTo(guest.equals(marked) ? MarkedByName.MARK : 0);
      }
    }
  }

  /** The host has no switch of ours then, and the vendor's agent says when ports are served. */
  @Test
  void aCorePluginOnServerAndHost(Lab lab) throws Exception {
    LabHost h1 = lab.host("h1");
    Path jar =
        plugin(lab, VendorsFabric.class, Feature.class, ServerFeature.class, HostFeature.class);
    String chosen = "[DEFAULT]\ncore_plugin = " + VendorsFabric.NAME + "\n";
    Cloud cloud = Cloud.server(lab, "");
    cloud.killServer();
    install(jar, cloud.controller());
    Files.writeString(lab.folder().resolve("server.ini"), chosen);
    cloud.restartServer();
    cloud.enroll(h1);
    cloud.configure(h1, h1.tunnelAddress(), "", chosen);
    install(jar, h1.machine());
    cloud.startAgent(h1);
    cloud.awaitAlive(h1);
    assertThat(cloud.api().list("agent", Map.of("host", "h1")))
        .extracting(agent -> agent.get("agent_type").asString())
        .contains(VendorsFabric.AGENT, "DHCP agent")
        .doesNotContain("Open vSwitch agent");
    String network = cloud.network("red", "10.0.0.0/24");
    Map<String, ?> port = Map.of("network_id", network, "name", "p", "binding:host_id", "h1");
    cloud.api().create("port", port);
    cloud.awaitStatus("port", cloud.port("p"), "ACTIVE");
    assertThat(h1.ovs().vsctl("list-br").lines()).doesNotContain("br-int", "br-tun");
  }

  /** A jar of one class, which is what each of the services is provided by. */
  private static Path plugin(Lab lab, Class<?> provider, Class<?>... services) throws IOException {
    Path jar = lab.folder().resolve(provider.getSimpleName() + ".jar");
    Manifest manifest = new Manifest();
    manifest.getMainAttributes().put(Attributes.Name.MANIFEST_VERSION, "1.0");
    manifest.getMainAttributes().putValue("Nucleon-Api-Version", "1.0");
    String file = provider.getName().replace('.', '/') + ".class";
    try (OutputStream out = Files.newOutputStream(jar);
        JarOutputStream entries = new JarOutputStream(out, manifest);
        InputStream compiled = provider.getClassLoader().getResourceAsStream(file)) {
      entries.putNextEntry(new JarEntry(file));
      compiled.transferTo(entries);
      for (Class<?> service : services) {
        entries.putNextEntry(new JarEntry("META-INF/services/" + service.getName()));
        entries.write(provider.getName().getBytes(StandardCharsets.UTF_8));
      }
    }
    return jar;
  }

  private static void install(Path jar, Machine machine) {
    machine.exec("install", "-D", jar.toString(), "/var/lib/nucleon/plugins/" + jar.getFileName());
  }
}
