package org.nucleon.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.nucleon.agent.Credential;
import org.nucleon.agent.HttpsLink;
import org.nucleon.core.feature.AgentDescription;
import org.nucleon.core.feature.Configuration;
import org.nucleon.core.json.Json;
import org.nucleon.core.net.IpAddress;
import org.nucleon.core.resource.Resource;
import org.nucleon.core.schema.Attribute;
import org.nucleon.core.schema.Catalog;
import org.nucleon.core.schema.Layout;
import org.nucleon.core.schema.Standard;
import org.nucleon.core.watch.HostUpdate;
import org.nucleon.core.watch.HostUpdate.Aside;
import org.nucleon.core.watch.HostUpdate.Forgotten;
import org.nucleon.openvswitch.api.FirewallDriver;
import org.nucleon.openvswitch.api.SwitchAgent;
import org.nucleon.server.Features;
import org.nucleon.server.NucleonServer;
import org.nucleon.server.config.IniConfiguration;
import org.nucleon.server.plugin.Plugins;
import org.nucleon.server.watch.Enrollment;
import org.nucleon.store.SqliteStore;

/**
 * An agent that lacks one attribute, for each attribute of each resource that a host is sent: it
 * must not take a rule for one without, say, its remote group.
 */
@Timeout(120)
final class OlderAgentTest {

  private static final String HOST = "h1";
  private static final AgentDescription SWITCH =
      new SwitchAgent(
              Map.of(),
              Set.of("vxlan"),
              IpAddress.parse("192.0.2.1"),
              "netdev",
              "br-int",
              FirewallDriver.OPENVSWITCH)
          .description();

  @TempDir Path folder;
  private final Catalog catalog = Features.load().catalog();
  private final HttpClient client = HttpClient.newHttpClient();
  private final List<Thread> watching = new ArrayList<>();
  private NucleonServer server;
  private String api;
  private Credential credential;

  @BeforeEach
  void start() throws Exception {
    IniConfiguration configuration =
        new IniConfiguration()
            .with("ml2", "mechanism_drivers", "openvswitch")
            .with("ml2", "tenant_network_types", "vxlan")
            .with("ml2_type_vxlan", "vni_ranges", "1:1000");
    server =
        new NucleonServer(
            Features.load(),
            Plugins.none(),
            configuration,
            SqliteStore.open(folder.resolve("state")),
            false);
    InetAddress loopback = InetAddress.ofLiteral("127.0.0.1");
    api = "http://127.0.0.1:" + server.serveApi(new InetSocketAddress(loopback, 0)) + "/v2.0/";
    Enrollment enrollment = new Enrollment(folder.resolve("enrolled"));
    AgentCertificate certificate = AgentCertificate.of(folder.resolve("keys"));
    int port =
        server.serveAgents(new InetSocketAddress(loopback, 0), certificate.tls(), enrollment);
    credential =
        new Credential(
            URI.create("https://127.0.0.1:" + port),
            HOST,
            enrollment.enroll(HOST),
            certificate.pem());
  }

  @AfterEach
  void stop() throws InterruptedException {
    for (Thread thread : watching) {
      thread.interrupt();
      thread.join();
    }
    client.close();
    server.close();
  }

  private Object create(String collection, String type, Map<String, Object> values)
      throws Exception {
    HttpRequest request =
        HttpRequest.newBuilder(URI.create(api + collection))
            .header("Content-Type", "application/json")
            .POST(BodyPublishers.ofString(Json.text(Map.of(type, values))))
            .build();
    HttpResponse<String> answer = client.send(request, BodyHandlers.ofString());
    assertThat(answer.statusCode()).as(answer.body()).isEqualTo(201);
    return ((Map<?, ?>) ((Map<?, ?>) Json.parse(answer.body())).get(type)).get("id");
  }

  /** A watch by an agent with that catalog. */
  private BlockingQueue<HostUpdate> watch(Catalog of, AgentDescription... roles)
      throws IOException {
    BlockingQueue<HostUpdate> updates = new LinkedBlockingQueue<>();
    HttpsLink link = new HttpsLink(of, credential, Configuration.defaults());
    watching.add(
        Thread.ofVirtual()
            .start(() -> {
              try {
                link.watch(List.of(roles), List.of(), updates::add);
              } catch (IOException e) {
                // the test has ended
              }
            }));
    return updates;
  }

  private Catalog without(Attribute<?> unknown) {
    Catalog.Builder builder = Catalog.builder();
    catalog.extensions().forEach(builder::extension);
    for (Layout layout : catalog.layouts()) {
      builder.declare(
          layout.type(),
          StreamSupport.stream(layout.attributes().spliterator(), false)
              .filter(attribute -> layout.stored().contains(attribute))
              .filter(attribute -> !attribute.name().equals(Standard.TAGS)) // come with the type
              .filter(attribute -> attribute != unknown)
              .toArray(Attribute<?>[]::new));
    }
    return builder.build();
  }

  private static <T> boolean isSet(Resource resource, Attribute<T> attribute) {
    T value = resource.value(attribute);
    return value != null && !value.equals(attribute.absent());
  }

  private static Forgotten which(Resource resource) {
    return new Forgotten(resource.type(), resource.id());
  }

  @Test
  void isClosedToWhatIsSetAndUnknownAndToNothingElse() throws Exception {
    BlockingQueue<HostUpdate> connected = watch(catalog, SWITCH);
    connected.take();
    Object network = create("networks", "network", Map.of("name", "n"));
    create(
        "subnets", "subnet", Map.of("network_id", network, "ip_version", 4, "cidr", "10.0.0.0/24"));
    Object group = create("security-groups", "security_group", Map.of("name", "g"));
    create(
        "security-group-rules",
        "security_group_rule",
        Map.of("security_group_id", group, "direction", "ingress", "remote_group_id", group));
    create(
        "ports",
        "port",
        Map.of("network_id", network, "security_groups", List.of(group), "binding:host_id", HOST));

    HostUpdate full = watch(catalog).take();
    assertThat(full.aside()).isEmpty();
    assertThat(full.put())
        .extracting(resource -> resource.type().name())
        .contains("network", "subnet", "port", "security_group", "security_group_rule");

    Map<String, Integer> closed = new TreeMap<>();
    Set<Layout> layouts = new LinkedHashSet<>();
    full.put().forEach(resource -> layouts.add(resource.layout()));
    for (Layout layout : layouts) {
      for (Attribute<?> attribute : layout.stored()) {
        Set<Forgotten> open = new HashSet<>();
        Set<Forgotten> aside = new HashSet<>();
        for (Resource resource : full.put()) {
          boolean affected =
              resource.type().equals(layout.type())
                  && !attribute.isIgnorable()
                  && isSet(resource, attribute);
          (affected ? aside : open).add(which(resource));
        }
        HostUpdate older = watch(without(attribute)).take();
        assertThat(older.put())
            .as("without %s", attribute)
            .extracting(OlderAgentTest::which)
            .containsExactlyInAnyOrderElementsOf(open);
        assertThat(older.aside())
            .as("without %s", attribute)
            .extracting(Aside::which)
            .containsExactlyInAnyOrderElementsOf(aside);
        older.aside().forEach(one -> assertThat(one.reason()).contains(attribute.name()));
        closed.put(attribute.toString(), aside.size());
      }
    }
    assertThat(closed)
        .containsEntry("security_group_rule.remote_group_id", 1)
        .containsEntry("network.name", 0)
        .containsEntry("port.security_groups", 1);
  }
}
