package org.nucleon.server;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.nucleon.core.schema.Extension;

/** {@code docs/extensions.md} names the extensions that are advertised, and a test of each. */
final class ExtensionsPageTest {

  private static final Path ROOT = Path.of(System.getProperty("user.dir"), "..");
  private static final Pattern ROW = Pattern.compile("\\| `([\\w-]+)` \\|.*\\| `(\\w+)` \\|");

  @Test
  void listsWhatIsAdvertised() throws IOException {
    List<String> listed = rows().map(row -> row.group(1)).sorted().toList();
    List<String> advertised =
        Features.load().catalog().extensions().stream().map(Extension::alias).sorted().toList();
    assertThat(listed).isEqualTo(advertised);
  }

  @Test
  void namesTestsThatAreThere() throws IOException {
    try (var files = Files.walk(ROOT)) {
      List<String> tests =
          files
              .map(file -> file.getFileName().toString())
              .filter(name -> name.endsWith("Test.java"))
              .map(name -> name.substring(0, name.length() - ".java".length()))
              .toList();
      assertThat(rows().map(row -> row.group(2)))
          .allSatisfy(test -> assertThat(tests).contains(test));
    }
  }

  private static java.util.stream.Stream<java.util.regex.MatchResult> rows() throws IOException {
    return ROW.matcher(Files.readString(ROOT.resolve("docs/extensions.md"))).results();
  }
}
