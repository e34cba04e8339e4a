package org.nucleon.cli;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import org.jspecify.annotations.Nullable;

/**
 * Where one server keeps what must survive it; only its owner can read it.
 *
 * @param path the folder
 */
record StateFolder(Path path) {

  /**
   * The folder named, or the usual one: {@code /var/lib/nucleon} for root, otherwise {@code
   * nucleon} in the XDG state folder.
   *
   * @throws Refusal if it cannot be made
   */
  static StateFolder at(@Nullable Path named) throws Refusal {
    Path path = (named == null ? usual() : named).toAbsolutePath().normalize();
    try {
      Files.createDirectories(
          path, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
    } catch (IOException e) {
      throw new Refusal("cannot make the state folder " + path + ": " + Causes.plain(e));
    }
    if (!Files.isWritable(path)) {
      throw new Refusal("cannot write to the state folder " + path);
    }
    return new StateFolder(path);
  }

  private static Path usual() {
    if (System.getProperty("user.name").equals("root")) {
      return Path.of("/var/lib/nucleon");
    }
    String xdg = System.getenv("XDG_STATE_HOME");
    Path states =
        xdg == null || xdg.isBlank()
            ? Path.of(System.getProperty("user.home"), ".local", "state")
            : Path.of(xdg);
    return states.resolve("nucleon");
  }

  /** The hashes of enrolled hosts' tokens. */
  Path enrolled() {
    return path.resolve("enrolled");
  }

  /** The server's key and certificate for agents. */
  Path keystore() {
    return path.resolve("agents.p12");
  }

  /** What the agent of this host keeps. */
  Path agent() {
    return path.resolve("agent");
  }

  /** Where plugins are, unless told otherwise. */
  Path plugins() {
    return path.resolve("plugins");
  }
}
