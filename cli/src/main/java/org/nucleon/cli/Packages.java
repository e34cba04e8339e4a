package org.nucleon.cli;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** The operating system's packages that an agent needs, as Debian names them. */
final class Packages {

  /** What an agent starts or calls, and the package that has it. */
  private enum Needed {
    SWITCH("openvswitch-switch", "/usr/sbin", "ovs-vswitchd"),
    DHCP("dnsmasq-base", "/usr/sbin", "dnsmasq"),
    ADVERTISEMENTS("radvd", "/usr/sbin", "radvd"),
    CLIENT("busybox-static", "/bin", "busybox"),
    RULES("libnftables1", "/usr/lib", "*-linux-gnu/libnftables.so.1");

    final String packageName;
    private final Path folder;
    private final String file;

    Needed(String packageName, String folder, String file) {
      this.packageName = packageName;
      this.folder = Path.of(folder);
      this.file = file;
    }

    /** A library lies in a folder named for the processor. */
    boolean isThere() {
      int slash = file.indexOf('/');
      if (slash < 0) {
        return Files.exists(folder.resolve(file));
      }
      try (DirectoryStream<Path> folders =
          Files.newDirectoryStream(folder, file.substring(0, slash))) {
        for (Path one : folders) {
          if (Files.exists(one.resolve(file.substring(slash + 1)))) {
            return true;
          }
        }
        return false;
      } catch (IOException e) {
        return false;
      }
    }
  }

  private Packages() {}

  /**
   * Demands them.
   *
   * @param install whether to install what is missing, with what apt-get says going to the terminal
   * @throws Refusal naming what is missing and the command that installs it
   */
  static void demand(boolean install) throws Refusal, InterruptedException {
    List<String> missing = missing();
    if (missing.isEmpty()) {
      return;
    }
    if (install) {
      run(List.of("apt-get", "update", "-q"));
      run(command(missing));
      missing = missing();
    }
    if (!missing.isEmpty()) {
      throw new Refusal(
          "packages are missing: "
              + String.join(" ", command(missing))
              + (install ? "" : " (or up --install)"));
    }
  }

  private static List<String> missing() {
    List<String> missing = new ArrayList<>();
    for (Needed needed : Needed.values()) {
      if (!needed.isThere()) {
        missing.add(needed.packageName);
      }
    }
    return missing;
  }

  private static List<String> command(List<String> packages) {
    List<String> command =
        new ArrayList<>(List.of("apt-get", "install", "-y", "-q", "--no-install-recommends"));
    command.addAll(packages);
    return command;
  }

  private static void run(List<String> command) throws Refusal, InterruptedException {
    ProcessBuilder builder = new ProcessBuilder(command).inheritIO();
    builder.environment().put("DEBIAN_FRONTEND", "noninteractive");
    try {
      int status = builder.start().waitFor();
      if (status != 0) {
        throw new Refusal(String.join(" ", command) + " failed with status " + status);
      }
    } catch (IOException e) {
      throw new Refusal("cannot run " + String.join(" ", command) + ": " + Causes.plain(e));
    }
  }
}
