package org.nucleon.server.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.nucleon.core.feature.Option;

/** Files as oslo.config reads them. */
final class IniConfigurationTest {

  @TempDir Path folder;

  private IniConfiguration read(String... files) throws IOException {
    IniConfiguration configuration = new IniConfiguration();
    for (int i = 0; i < files.length; i++) {
      configuration.add(Files.writeString(folder.resolve(i + ".conf"), files[i]));
    }
    return configuration;
  }

  private static Option<String> text(String section, String name) {
    return Option.text(section, name, "fallback", "a text");
  }

  @Test
  void readsWhatOperatorsWrite() throws IOException {
    IniConfiguration configuration =
        read(
            """
            # a comment
            first = 1
            [Some]
            with_equals = a=b:c
            colon: x=y
            ; another
            quoted = " two words "
            empty =
            long = a,
              b
              # not this
              c
            next = n
            """,
            "[some]\nnext = later\n");
    assertThat(configuration.get(text("DEFAULT", "first"))).isEqualTo("1");
    assertThat(configuration.get(text("some", "with_equals"))).isEqualTo("a=b:c");
    assertThat(configuration.get(text("some", "colon"))).isEqualTo("x=y");
    assertThat(configuration.get(text("some", "quoted"))).isEqualTo(" two words ");
    assertThat(configuration.get(text("some", "empty"))).isEmpty();
    assertThat(configuration.get(text("some", "absent"))).isEqualTo("fallback");
    assertThat(configuration.get(text("some", "next"))).isEqualTo("later");
    assertThat(configuration.get(Option.list("some", "long", "", "words")))
        .isEqualTo(List.of("a", "b", "c"));
    assertThat(configuration.unused().lines()).isEmpty();
  }

  @Test
  void putsInTheValuesOfOthers() throws IOException {
    IniConfiguration configuration =
        read(
            """
            state = /var/x
            path = $state/lock
            [g]
            name = n
            all = ${g.name}-$g.name-$name-${state}
            price = $$5 \\$6 $unknown
            round = $round
            """);
    assertThat(configuration.get(text("DEFAULT", "path"))).isEqualTo("/var/x/lock");
    assertThat(configuration.get(text("g", "all"))).isEqualTo("n-n-n-/var/x");
    assertThat(configuration.get(text("g", "price"))).isEqualTo("$5 $6 $unknown");
    assertThat(configuration.get(text("g", "round"))).contains("round");
  }

  @Test
  void aFolderIsReadInOrderOfNames() throws IOException {
    read("a = 1\n", "a = 2\n");
    Files.writeString(folder.resolve("9.ignored"), "a = 3\n");
    IniConfiguration configuration = new IniConfiguration();
    configuration.add(folder);
    assertThat(configuration.get(text("DEFAULT", "a"))).isEqualTo("2");
  }

  @Test
  void saysWhichLineIsWrong() throws IOException {
    assertThatThrownBy(() -> read("a = 1\n\nnonsense\n")).hasMessageContaining("0.conf, line 3");
    assertThatThrownBy(() -> read("[broken\n")).hasMessageContaining("line 1");
    assertThatThrownBy(() -> read(" = 1\n")).hasMessageContaining("line 1");
    IniConfiguration configuration = read("[s]\nnumber = many\nsecret = pa$$word\n");
    assertThatThrownBy(() -> configuration.get(Option.integer("s", "number", 1, "how many")))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("0.conf, line 2")
        .hasMessageContaining("[s] number = many")
        .hasMessageContaining("how many")
        .hasMessageContaining("whole number");
  }

  @Test
  void tellsWhatIsInUseAndFromWhere() throws IOException {
    IniConfiguration configuration = read("[s]\nsecret = hidden\nother = 1\n");
    configuration.get(Option.secret("s", "secret", "a secret"));
    configuration.get(text("s", "absent"));
    assertThat(configuration.inUse())
        .extracting(one -> one.option().name() + " " + one.value() + " " + one.place())
        .containsExactly(
            "absent fallback default", "secret *** " + folder.resolve("0.conf") + ", line 2");
    assertThat(configuration.unused().options()).containsExactly("[s] other");
  }
}
