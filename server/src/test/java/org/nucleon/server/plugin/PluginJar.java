package org.nucleon.server.plugin;

import java.io.IOException;
import java.io.OutputStream;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.jar.Attributes;
import java.util.jar.JarEntry;
import java.util.jar.JarOutputStream;
import java.util.jar.Manifest;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import javax.tools.JavaCompiler;
import javax.tools.JavaFileObject;
import javax.tools.SimpleJavaFileObject;
import javax.tools.ToolProvider;

/** A plugin's jar, compiled from sources as a vendor would. */
final class PluginJar {

  private static final Pattern PACKAGE = Pattern.compile("package ([\\w.]+);");
  private static final Pattern TYPE = Pattern.compile("(?:class|interface|record) (\\w+)");

  private final Map<String, String> sources = new LinkedHashMap<>();
  private final Map<String, String> services = new LinkedHashMap<>();
  private final Map<String, String> manifest = new LinkedHashMap<>();
  private final List<Path> classPath = new ArrayList<>();

  PluginJar() {
    manifest.put("Nucleon-Api-Version", "1.0");
  }

  /** One source file, with one type at its top. */
  PluginJar source(String text) {
    Matcher inPackage = PACKAGE.matcher(text);
    Matcher type = TYPE.matcher(text);
    if (!inPackage.find() || !type.find()) {
      throw new IllegalArgumentException(text);
    }
    sources.put(inPackage.group(1) + "." + type.group(1), text);
    return this;
  }

  PluginJar provides(String service, String provider) {
    services.merge(service, provider, (a, b) -> a + "\n" + b);
    return this;
  }

  PluginJar says(String header, String value) {
    manifest.put(header, value);
    return this;
  }

  PluginJar saysNothing() {
    manifest.clear();
    return this;
  }

  PluginJar compiledWith(Path jar) {
    classPath.add(jar);
    return this;
  }

  /** Compiles and packs it. */
  Path build(Path jar) throws IOException {
    Files.createDirectories(jar.getParent());
    Path classes = Files.createTempDirectory("plugin");
    compile(classes);
    Manifest meta = new Manifest();
    meta.getMainAttributes().put(Attributes.Name.MANIFEST_VERSION, "1.0");
    manifest.forEach(meta.getMainAttributes()::putValue);
    try (OutputStream file = Files.newOutputStream(jar);
        JarOutputStream out = new JarOutputStream(file, meta);
        Stream<Path> made = Files.walk(classes)) {
      for (Path path : made.filter(Files::isRegularFile).toList()) {
        put(out, classes.relativize(path).toString(), Files.readAllBytes(path));
      }
      for (Map.Entry<String, String> service : services.entrySet()) {
        put(
            out,
            "META-INF/services/" + service.getKey(),
            service.getValue().getBytes(StandardCharsets.UTF_8));
      }
    }
    return jar;
  }

  private void compile(Path classes) throws IOException {
    if (sources.isEmpty()) {
      return;
    }
    List<JavaFileObject> files = new ArrayList<>();
    sources.forEach((name, text) ->
        files.add(
            new SimpleJavaFileObject(
                URI.create("string:///" + name.replace('.', '/') + ".java"),
                JavaFileObject.Kind.SOURCE) {
              @Override
              public CharSequence getCharContent(boolean ignoreEncodingErrors) {
                return text;
              }
            }));
    StringBuilder path = new StringBuilder(System.getProperty("java.class.path"));
    classPath.forEach(jar -> path.append(java.io.File.pathSeparator).append(jar));
    JavaCompiler compiler = ToolProvider.getSystemJavaCompiler();
    boolean done =
        compiler
            .getTask(
                null,
                null,
                null,
                List.of("-proc:none", "-cp", path.toString(), "-d", classes.toString()),
                null,
                files)
            .call();
    if (!done) {
      throw new IOException("the plugin does not compile");
    }
  }

  private static void put(JarOutputStream out, String name, byte[] bytes) throws IOException {
    out.putNextEntry(new JarEntry(name));
    out.write(bytes);
    out.closeEntry();
  }
}
