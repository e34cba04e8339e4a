package org.nucleon.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import org.nucleon.core.feature.Configuration;
import org.nucleon.core.feature.Drivers;
import org.nucleon.core.feature.Option;
import org.nucleon.core.feature.ServerFeature;
import org.nucleon.core.feature.ServerSide;
import org.nucleon.core.feature.UndeclaredOptionException;
import org.nucleon.server.config.IniConfiguration;
import org.nucleon.server.config.IniConfiguration.InUse;

/** What {@code nucleon config} prints of a server is all that the server's features read. */
final class OptionsAtStartTest {

  private static final Option<Integer> SIZE = Option.integer("toys", "size", 7, "How large");
  private static final Option<Integer> LATE = Option.integer("toys", "late", 8, "How late");

  private final AtomicReference<Configuration> given = new AtomicReference<>();

  private final class Toys implements ServerFeature {
    @Override
    public String name() {
      return "toys";
    }

    @Override
    public void serve(ServerSide server) {
      given.set(server.configuration());
      server.configuration().get(SIZE);
    }
  }

  @Test
  void anOptionThatNobodyAskedForAtTheStartIsRefusedLater() {
    IniConfiguration files = new IniConfiguration().with("toys", "size", "3");
    var _ = Assembly.of(List.of(new Toys()), files, Drivers.CLASS_PATH);
    assertThat(given.get().get(SIZE)).isEqualTo(3);
    assertThatThrownBy(() -> given.get().get(LATE))
        .isInstanceOf(UndeclaredOptionException.class)
        .hasMessageContaining("[toys] late");
    assertThat(files.inUse()).extracting(InUse::option).containsExactly(SIZE);
  }
}
