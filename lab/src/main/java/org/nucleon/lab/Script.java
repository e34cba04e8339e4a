package org.nucleon.lab;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;

/** The scripts that run inside machines. */
enum Script {
  /** The first process of a machine. */
  MACHINE("machine.sh"),
  /** What the DHCP client calls with each lease. */
  DHCP("dhcp.sh"),
  /** Connects, echoes, sends frames and listens for them. */
  PROBE("probe.py");

  private final String file;

  Script(String file) {
    this.file = file;
  }

  /** Its text. */
  String text() {
    try (InputStream stream = Script.class.getResourceAsStream(file)) {
      if (stream == null) {
        throw new LabException(file + " is not in the jar");
      }
      return new String(stream.readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Where it lies, executable, on every machine of a lab. */
  Path in(Path folder) {
    return folder.resolve(file);
  }

  /** Puts it there. */
  void install(Path folder) {
    try {
      Path path = Files.writeString(in(folder), text());
      if (!path.toFile().setExecutable(true)) {
        throw new LabException(path + " can't be made executable");
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
