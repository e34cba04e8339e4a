package org.nucleon.agent;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Map;
import java.util.Optional;
import org.nucleon.core.json.Json;
import org.nucleon.core.json.MalformedJson;
import org.nucleon.core.resource.Resource;
import org.nucleon.core.schema.Catalog;
import org.nucleon.core.watch.HostUpdate;

/**
 * The last snapshot on disk, by which an agent holds the data plane when no server can be reached.
 */
final class SnapshotFile {

  private static final System.Logger LOG = System.getLogger("nucleon.agent");

  private final Path file;

  SnapshotFile(Path folder) {
    file = folder.resolve("snapshot.json");
  }

  /** Empty if there is none; one that cannot be read is put aside. */
  Optional<HostUpdate> load(Catalog catalog) throws IOException {
    if (!Files.exists(file)) {
      return Optional.empty();
    }
    try {
      return Optional.of(Documents.update(catalog, Json.parse(Files.readAllBytes(file))));
    } catch (MalformedJson | RuntimeException e) {
      Path aside = file.resolveSibling("snapshot.broken");
      Files.move(file, aside, StandardCopyOption.REPLACE_EXISTING);
      LOG.log(
          System.Logger.Level.WARNING,
          "the snapshot on disk cannot be read and was put aside as {0}: {1}",
          aside,
          e.getMessage());
      return Optional.empty();
    }
  }

  /** Writes it whole, in place of the one before. */
  void save(long number, Iterable<Resource> resources) throws IOException {
    java.util.List<Object> put = new java.util.ArrayList<>();
    resources.forEach(resource -> put.add(Documents.json(resource)));
    Path temporary = file.resolveSibling("snapshot.new");
    Files.deleteIfExists(temporary);
    Files.createFile(
        temporary,
        PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
    Files.write(
        temporary, Json.bytes(Map.of("number", number, "put", put, "forget", java.util.List.of())));
    Files.move(
        temporary, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
  }
}
