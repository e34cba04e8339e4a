package org.nucleon.cli;

import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import org.nucleon.core.json.Json;
import org.nucleon.server.Features;
import org.nucleon.server.NucleonServer;
import org.nucleon.server.api.ApiReference;
import org.nucleon.server.config.IniConfiguration;
import org.nucleon.server.plugin.Plugins;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** The API's description without a server. */
@Command(
    name = "openapi",
    description =
        "Prints what the API is like: the OpenAPI document that servers have at /openapi.json.",
    mixinStandardHelpOptions = true)
final class OpenApiVerb implements Callable<Integer> {

  @Spec private CommandSpec spec = CommandSpec.create();

  @Option(names = "--markdown", description = "as a page to read")
  private boolean markdown;

  @Option(
      names = "--plugins",
      paramLabel = "DIR",
      description = "plugins, whose resources are described as well")
  private @Nullable Path plugins;

  @Mixin private ConfigFiles config = new ConfigFiles();

  @Override
  public Integer call() throws Refusal {
    IniConfiguration configuration = RunningServer.configuration(config.inOrder());
    Plugins loaded = plugins == null ? Plugins.none() : RunningServer.plugins(plugins);
    try {
      Features features = Features.load(loaded, configuration);
      var document = NucleonServer.describe(features, loaded, configuration).document();
      PrintWriter out = spec.commandLine().getOut();
      out.print(markdown ? ApiReference.markdown(document) : Json.text(document) + "\n");
      out.flush();
      return 0;
    } catch (IllegalArgumentException | IllegalStateException e) {
      throw new Refusal(String.valueOf(e.getMessage()));
    }
  }
}
