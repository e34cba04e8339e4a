package org.nucleon.cli;

import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** The options of every verb that runs a server. */
final class ServerOptions {

  @Option(
      names = "--port",
      paramLabel = "PORT",
      description = "serve the API on this port (default: [DEFAULT] bind_port, 9696)")
  @Nullable Integer port;

  @Option(
      names = "--state",
      paramLabel = "DIR",
      description =
          "keep the database here (default: /var/lib/nucleon for root, else ~/.local/state/nucleon)")
  @Nullable Path state;

  @Mixin ConfigFiles config = new ConfigFiles();

  @Option(
      names = "--plugins",
      paramLabel = "DIR",
      description =
          "plugins, a jar or a folder of jars each (default: plugins in the state folder)")
  @Nullable Path plugins;

  @Option(names = "--log-json", description = "log lines of JSON")
  boolean logJson;

  /** The same on whatever port is free, with its state there. */
  static ServerOptions anywhere(Path state) {
    ServerOptions options = new ServerOptions();
    options.port = 0;
    options.state = state;
    return options;
  }
}
