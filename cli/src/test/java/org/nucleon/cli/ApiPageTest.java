package org.nucleon.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.nucleon.server.Features;
import org.nucleon.server.NucleonServer;
import org.nucleon.server.api.ApiReference;
import org.nucleon.server.config.IniConfiguration;
import org.nucleon.server.plugin.Plugins;

/** {@code docs/api.md} is what the declarations make of it. */
final class ApiPageTest {

  private static final Path PAGE = Path.of(System.getProperty("user.dir"), "..", "docs", "api.md");

  @Test
  void isCurrent() throws IOException {
    String made =
        ApiReference.markdown(
            NucleonServer.describe(Features.load(), Plugins.none(), new IniConfiguration())
                .document());
    assertThat(Files.readString(PAGE))
        .as("docs/api.md is old; run: ./nucleon openapi --markdown >docs/api.md")
        .isEqualTo(made);
  }
}
