package org.nucleon.cli;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import picocli.CommandLine.Option;

/** Where a verb's configuration is. */
final class ConfigFiles {

  @Option(
      names = "--config-file",
      paramLabel = "FILE",
      description =
          "an INI file such as neutron.conf or openvswitch_agent.ini; repeatable, later ones win")
  private List<Path> files = new ArrayList<>();

  @Option(
      names = "--config-dir",
      paramLabel = "DIR",
      description = "every *.conf in a folder, in order of names, after the files; repeatable")
  private List<Path> folders = new ArrayList<>();

  /** In the order in which they are read. */
  List<Path> inOrder() {
    return Stream.concat(files.stream(), folders.stream()).toList();
  }
}
