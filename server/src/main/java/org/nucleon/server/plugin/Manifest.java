package org.nucleon.server.plugin;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.jar.Attributes;
import java.util.jar.JarFile;
import org.nucleon.core.feature.ApiVersion;

/**
 * What a plugin says of itself in {@code META-INF/MANIFEST.MF}.
 *
 * @param name {@code Nucleon-Plugin}, or the name of its jar or folder
 * @param version {@code Implementation-Version}, empty if it has none
 * @param builtFor {@code Nucleon-Api-Version}
 * @param requires {@code Nucleon-Requires}: names of other plugins, whose {@code api} packages it
 *     sees
 */
record Manifest(String name, String version, ApiVersion builtFor, List<String> requires) {

  private static final String API_VERSION = "Nucleon-Api-Version";

  /**
   * Reads the one manifest among a plugin's jars that says for which API it was built.
   *
   * @throws PluginException if there is none or several, or it cannot be read
   */
  static Manifest read(String fallbackName, List<Path> jars) {
    Manifest found = null;
    for (Path jar : jars) {
      Attributes attributes = attributes(fallbackName, jar);
      if (attributes.getValue(API_VERSION) != null) {
        if (found != null) {
          throw new PluginException(
              fallbackName, "two of its jars say " + API_VERSION + " in their manifests");
        }
        found = of(fallbackName, attributes);
      }
    }
    if (found == null) {
      throw new PluginException(
          fallbackName,
          "no manifest says for which API it was built ("
              + API_VERSION
              + ": "
              + ApiVersion.CURRENT
              + ")");
    }
    return found;
  }

  private static Attributes attributes(String plugin, Path jar) {
    try (JarFile file = new JarFile(jar.toFile())) {
      java.util.jar.Manifest manifest = file.getManifest();
      return manifest == null ? new Attributes() : manifest.getMainAttributes();
    } catch (IOException e) {
      throw new PluginException(plugin, jar.getFileName() + " is no jar: " + e.getMessage());
    }
  }

  private static Manifest of(String fallbackName, Attributes attributes) {
    String name = attributes.getValue("Nucleon-Plugin");
    String version = attributes.getValue(Attributes.Name.IMPLEMENTATION_VERSION);
    String requires = attributes.getValue("Nucleon-Requires");
    try {
      return new Manifest(
          name == null || name.isBlank() ? fallbackName : name.strip(),
          version == null ? "" : version.strip(),
          ApiVersion.parse(attributes.getValue(API_VERSION)),
          requires == null
              ? List.of()
              : Arrays.stream(requires.split(","))
                  .map(String::strip)
                  .filter(r -> !r.isEmpty())
                  .toList());
    } catch (IllegalArgumentException e) {
      throw new PluginException(fallbackName, API_VERSION + ": " + e.getMessage());
    }
  }

  /** Name and version, for people. */
  String label() {
    return version.isEmpty() ? name : name + " " + version;
  }
}
