package org.nucleon.metadata.agent;

import java.io.IOException;
import java.net.URI;
import java.net.URISyntaxException;
import java.net.http.HttpClient;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Executors;
import org.nucleon.agent.api.ApplyException;
import org.nucleon.agent.api.HostFeature;
import org.nucleon.agent.api.HostSide;
import org.nucleon.core.feature.AgentDescription;
import org.nucleon.core.feature.Configuration;
import org.nucleon.core.feature.Option;
import org.nucleon.core.net.TlsFiles;
import org.nucleon.dhcp.api.IsolatedMetadata;
import org.nucleon.metadata.api.MetadataFeature;

/** Leads the guests of a host's routers and DHCP servers to Nova's metadata service. */
public final class MetadataHost implements HostFeature {
  private static final Duration CONNECTING = Duration.ofSeconds(5);
  private static final Duration ANSWERING = Duration.ofSeconds(60);
  private static final Duration WHOLE = Duration.ofSeconds(90);

  private static final Option<Boolean> ON_ROUTERS =
      Option.bool(
          "DEFAULT",
          "enable_metadata_proxy",
          true,
          "Whether guests reach metadata through their router");
  private static final Option<String> HOST =
      Option.text("DEFAULT", "nova_metadata_host", "127.0.0.1", "Where Nova's metadata API listens")
          .formerly("DEFAULT", "nova_metadata_ip");
  private static final Option<Integer> PORT =
      Option.integer("DEFAULT", "nova_metadata_port", 8775, "The port of Nova's metadata API");
  private static final Option<String> PROTOCOL =
      Option.parsed(
          "DEFAULT",
          "nova_metadata_protocol",
          "http",
          "http or https",
          "How Nova's metadata API is spoken to",
          text -> {
            if (!text.equals("http") && !text.equals("https")) {
              throw new IllegalArgumentException("http or https expected");
            }
            return text;
          });
  private static final Option<Boolean> INSECURE =
      Option.bool(
          "DEFAULT",
          "nova_metadata_insecure",
          false,
          "Whether any certificate of Nova's metadata API will do");
  private static final Option<String> AUTHORITIES =
      Option.text(
          "DEFAULT",
          "auth_ca_cert",
          "",
          "The authorities that the metadata API's certificate must be from, in PEM; by default the"
              + " system's");
  private static final Option<String> CERTIFICATE =
      Option.text(
          "DEFAULT",
          "nova_client_cert",
          "",
          "The certificate that Nova's metadata API is shown, in PEM");
  private static final Option<String> KEY =
      Option.text(
          "DEFAULT",
          "nova_client_priv_key",
          "",
          "The private key of that certificate, PKCS #8 in PEM");
  private static final Option<String> SECRET =
      Option.secret(
          "DEFAULT",
          "metadata_proxy_shared_secret",
          "What instances' ids are signed with, as Nova's [neutron] section has it");

  @Override
  public String name() {
    return MetadataFeature.NAME;
  }

  @Override
  public List<Option<?>> options() {
    return List.of(
        ON_ROUTERS,
        HOST,
        PORT,
        PROTOCOL,
        INSECURE,
        AUTHORITIES,
        CERTIFICATE,
        KEY,
        SECRET,
        IsolatedMetadata.ENABLED,
        IsolatedMetadata.FORCED);
  }

  @Override
  public void join(HostSide host) throws ApplyException {
    Configuration configuration = host.configuration();
    host.role(
        new AgentDescription(
            "metadata",
            "Metadata agent",
            "neutron-metadata-agent",
            "N/A",
            Map.of(
                "nova_metadata_host",
                configuration.get(HOST),
                "nova_metadata_port",
                configuration.get(PORT))));
    host.planner(
        new MetadataPlanner(IsolatedMetadata.of(configuration), configuration.get(ON_ROUTERS)));
    host.applier(new ListenerApplier(new Service(host::view, nova(configuration), WHOLE)));
  }

  private static Nova nova(Configuration configuration) throws ApplyException {
    HttpClient.Builder client =
        HttpClient.newBuilder()
            .version(HttpClient.Version.HTTP_1_1)
            .executor(Executors.newVirtualThreadPerTaskExecutor())
            .connectTimeout(CONNECTING);
    TlsFiles files =
        new TlsFiles(
            configuration.get(INSECURE),
            configuration.get(AUTHORITIES),
            configuration.get(CERTIFICATE),
            configuration.get(KEY));
    try {
      String host = configuration.get(HOST);
      URI root =
          new URI(
              configuration.get(PROTOCOL),
              null,
              host.contains(":") && !host.startsWith("[") ? "[" + host + "]" : host,
              configuration.get(PORT),
              null,
              null,
              null);
      if (root.getScheme().equals("https")) {
        client.sslContext(files.context());
      }
      return new Nova(root, client.build(), configuration.get(SECRET), ANSWERING);
    } catch (IOException | URISyntaxException e) {
      throw new ApplyException("speak to Nova's metadata service: " + e.getMessage(), e);
    }
  }
}
