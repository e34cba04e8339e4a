package org.nucleon.cli;

import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** The options of the verb that runs an agent. */
final class AgentOptions {

  @Option(
      names = "--enrollment",
      paramLabel = "FILE",
      description =
          "the file that 'nucleon enroll HOST' wrote (default: agent.json in the state folder)")
  @Nullable Path enrollment;

  @Option(
      names = "--state",
      paramLabel = "DIR",
      description = "keep the agent's state here (default: /var/lib/nucleon)")
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
}
