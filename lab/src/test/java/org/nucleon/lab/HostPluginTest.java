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
import org.nucleon.openvswitch.api.TrafficConditioner;

/** A plugin in the state folder of a host's agent acts there. */
@Tag("lab")
@LabScenario
final class HostPluginTest {

  private static final Duration LIMIT = Duration.ofSeconds(20);

  @Test
  void conditionsOfTrafficFromAPlugin(Lab lab) throws Exception {
    LabHost h1 = lab.host("h1");
    install(plugin(lab.folder().resolve("vendor.jar")), h1);
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

  private static Path plugin(Path jar) throws IOException {
    Manifest manifest = new Manifest();
    manifest.getMainAttributes().put(Attributes.Name.MANIFEST_VERSION, "1.0");
    manifest.getMainAttributes().putValue("Nucleon-Api-Version", "1.0");
    String provider = MarkedByName.class.getName();
    String file = provider.replace('.', '/') + ".class";
    try (OutputStream out = Files.newOutputStream(jar);
        JarOutputStream entries = new JarOutputStream(out, manifest);
        InputStream compiled = HostPluginTest.class.getClassLoader().getResourceAsStream(file)) {
      entries.putNextEntry(new JarEntry(file));
      compiled.transferTo(entries);
      entries.putNextEntry(new JarEntry("META-INF/services/" + TrafficConditioner.class.getName()));
      entries.write(provider.getBytes(StandardCharsets.UTF_8));
    }
    return jar;
  }

  private static void install(Path jar, LabHost host) {
    host.machine()
        .exec("install", "-D", jar.toString(), "/var/lib/nucleon/plugins/" + jar.getFileName());
  }
}
