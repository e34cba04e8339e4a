package org.nucleon.server.plugin;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.nucleon.core.feature.Configuration;
import org.nucleon.core.feature.Feature;
import org.nucleon.server.Features;

/** Jars as vendors build them: what they see, and how one that does not do is refused. */
final class PluginsTest {

  private static final String FEATURE = Feature.class.getName();

  @TempDir Path folder;

  private static String feature(String inPackage, String constructor, String name) {
    return """
    package %s;
    public class Vendor implements org.nucleon.core.feature.Feature {
      public Vendor() { %s }
      public String name() { return %s; }
      public void declare(org.nucleon.core.schema.Catalog.Builder catalog) {}
    }
    """
        .formatted(inPackage, constructor, name);
  }

  private static PluginJar vendor(String name, String constructor) {
    return new PluginJar()
        .source(feature(name, constructor, "\"" + name + "\""))
        .provides(FEATURE, name + ".Vendor");
  }

  private List<String> names() throws IOException {
    return Plugins.in(folder).providers(Feature.class).stream().map(Feature::name).toList();
  }

  private void refused(String... words) {
    assertThatThrownBy(this::names)
        .isInstanceOf(PluginException.class)
        .satisfies(e -> assertThat(e.getMessage()).contains(words).doesNotContain("\n"));
  }

  @Test
  void noFolderNoPlugins() throws IOException {
    assertThat(Plugins.in(folder.resolve("none")).labels()).isEmpty();
  }

  @Test
  void jarsAndFoldersOfJars() throws IOException {
    vendor("acme", "").says("Implementation-Version", "2.1").build(folder.resolve("acme.jar"));
    vendor("initech", "new initech.lib.Part();")
        .compiledWith(
            new PluginJar()
                .saysNothing()
                .source("package initech.lib; public class Part {}")
                .build(folder.resolve("initech/part.jar")))
        .build(folder.resolve("initech/main.jar"));
    assertThat(Plugins.in(folder).labels()).containsExactly("acme 2.1", "initech");
    assertThat(names()).contains("acme", "initech", "network");
  }

  /** A class that we have too, in another version: the plugin's own is used there, ours here. */
  @Test
  void ownVersionOfALibrary() throws Exception {
    vendor("acme", "")
        .source(
            """
            package tools.jackson.core;
            public class Version { public static String which() { return "acme's"; } }
            """)
        .source(feature("other", "", "tools.jackson.core.Version.which()"))
        .provides(FEATURE, "other.Vendor")
        .build(folder.resolve("acme.jar"));
    assertThat(names()).contains("acme's");
    assertThat(tools.jackson.core.Version.class.getMethods())
        .noneMatch(method -> method.getName().equals("which"));
  }

  @Test
  void whatIsOursAloneIsNotSeen() throws IOException {
    for (String internal :
        List.of(
            "org.nucleon.server.NucleonServer.class.getName();",
            "org.nucleon.network.server.NetworkServer.class.getName();",
            "org.nucleon.store.SqliteStore.class.getName();")) {
      vendor("acme", internal).build(folder.resolve("acme.jar"));
      refused("plugin acme", "not open to plugins");
    }
    vendor("acme", "tools.jackson.core.Version.unknownVersion();")
        .build(folder.resolve("acme.jar"));
    refused("plugin acme", "tools.jackson.core.Version");
  }

  /** Services that only the class path names are not the plugin's. */
  @Test
  void ourProvidersComeOnce() throws IOException {
    new PluginJar()
        .provides(FEATURE, "org.nucleon.network.api.NetworkFeature")
        .build(folder.resolve("copycat.jar"));
    assertThat(names()).containsOnlyOnce("network");
  }

  @Test
  void seesTheApiOfThoseItRequires() throws IOException {
    Path lib =
        vendor("base", "")
            .source(
                "package base.api; public class Words { public static String word() {"
                    + " return base.inside.Secret.word(); } }")
            .source(
                "package base.inside; public class Secret { public static String word() {"
                    + " return \"hello\"; } }")
            .build(folder.resolve("z-base.jar"));
    new PluginJar()
        .says("Nucleon-Requires", "z-base")
        .compiledWith(lib)
        .source(feature("user", "", "base.api.Words.word()"))
        .provides(FEATURE, "user.Vendor")
        .build(folder.resolve("a-user.jar"));
    assertThat(names()).contains("hello");
    assertThat(Plugins.in(folder).labels()).containsExactly("z-base", "a-user");
    new PluginJar()
        .says("Nucleon-Requires", "z-base")
        .compiledWith(lib)
        .source(feature("user", "", "base.inside.Secret.word()"))
        .provides(FEATURE, "user.Vendor")
        .build(folder.resolve("a-user.jar"));
    assertThatThrownBy(this::names).hasMessageContaining("base");
  }

  @ParameterizedTest
  @CsvSource({
    "1.1,built for version 1.1",
    "2.0,built for version 2.0",
    "0.9,built for version 0.9",
    "new,MAJOR.MINOR expected",
    "'',MAJOR.MINOR expected"
  })
  void builtForAnotherApi(String version, String words) throws IOException {
    vendor("acme", "").says("Nucleon-Api-Version", version).build(folder.resolve("acme.jar"));
    refused("plugin acme", words);
  }

  @Test
  void saysNotForWhichApi() throws IOException {
    vendor("acme", "").saysNothing().build(folder.resolve("acme.jar"));
    refused("plugin acme", "Nucleon-Api-Version: 1.0");
  }

  @Test
  void requiresWhatIsNotThere() throws IOException {
    vendor("acme", "").says("Nucleon-Requires", "nobody").build(folder.resolve("acme.jar"));
    refused("plugin acme", "requires the plugin nobody");
  }

  @Test
  void requireEachOther() throws IOException {
    vendor("a", "").says("Nucleon-Requires", "b").build(folder.resolve("a.jar"));
    vendor("b", "").says("Nucleon-Requires", "a").build(folder.resolve("b.jar"));
    refused("a > b > a");
  }

  @Test
  void twoOfOneName() throws IOException {
    vendor("a", "").says("Nucleon-Plugin", "same").build(folder.resolve("a.jar"));
    vendor("b", "").says("Nucleon-Plugin", "same").build(folder.resolve("b.jar"));
    refused("plugin same", "two of that name");
  }

  @Test
  void throwsWhileItIsMade() throws IOException {
    vendor("acme", "throw new UnsupportedOperationException(\"no licence\");")
        .build(folder.resolve("acme.jar"));
    refused("plugin acme", "UnsupportedOperationException: no licence");
  }

  @Test
  void throwsWhileItDeclares() throws IOException {
    new PluginJar()
        .source(
            feature("acme", "", "\"acme\"")
                .replace("catalog) {", "catalog) { throw new RuntimeException(\"no idea\");"))
        .provides(FEATURE, "acme.Vendor")
        .build(folder.resolve("acme.jar"));
    Features features = Features.load(Plugins.in(folder), Configuration.defaults());
    assertThatThrownBy(features::catalog)
        .isInstanceOf(PluginException.class)
        .hasMessage("the plugin acme cannot be loaded: RuntimeException: no idea");
  }

  @Test
  void namesAProviderThatIsNotThere() throws IOException {
    new PluginJar().provides(FEATURE, "acme.Nothing").build(folder.resolve("acme.jar"));
    refused("plugin acme", "acme.Nothing");
    new PluginJar().provides(FEATURE, "no class name!").build(folder.resolve("acme.jar"));
    refused("plugin acme", "Illegal configuration-file syntax");
  }

  @Test
  void isNoJar() throws IOException {
    Files.writeString(folder.resolve("acme.jar"), "not a jar");
    refused("plugin acme", "is no jar");
  }

  /** Built against a method that is not there any more. */
  @Test
  void doesNotLink() throws IOException {
    Path old =
        new PluginJar()
            .saysNothing()
            .source(
                "package org.nucleon.core.gone; public class Gone { public static void go() {} }")
            .build(folder.resolve("lib/gone.jar"));
    vendor("acme", "org.nucleon.core.gone.Gone.go();")
        .compiledWith(old)
        .build(folder.resolve("acme.jar"));
    Files.delete(old);
    refused("plugin acme", "org.nucleon.core.gone.Gone");
  }
}
