package org.nucleon.agent;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
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
  private final Catalog catalog;

  SnapshotFile(Path folder, Catalog catalog) {
    this.catalog = catalog;
    file = folder.resolve("snapshot.json");
  }

  /**
   * Empty if there is none. One that cannot be read is put aside, and so is one by an agent that
   * knew more: to act on what is left of it might open what it closed.
   */
  Optional<HostUpdate> load() throws IOException {
    if (!Files.exists(file)) {
      return Optional.empty();
    }
    try {
      Object json = Json.parse(Files.readAllBytes(file));
      if (json instanceof Map<?, ?> map && map.get("knows") instanceof Map<?, ?> known) {
        refuseMore(known);
      }
      return Optional.of(Documents.update(catalog, json));
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

  private void refuseMore(Map<?, ?> known) throws MalformedJson {
    Map<String, List<String>> here = Documents.known(catalog);
    for (Map.Entry<?, ?> type : known.entrySet()) {
      List<String> names = here.get(String.valueOf(type.getKey()));
      if (names != null
          && type.getValue() instanceof List<?> written
          && !names.containsAll(written)) {
        throw new MalformedJson("it is by an agent that knew more of a " + type.getKey());
      }
    }
  }

  /** Writes it whole, in place of the one before. */
  void save(long number, Iterable<Resource> resources) throws IOException {
    List<Object> put = new ArrayList<>();
    resources.forEach(resource -> put.add(Documents.json(resource)));
    Path temporary = file.resolveSibling("snapshot.new");
    Files.deleteIfExists(temporary);
    Files.createFile(
        temporary,
        PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
    Files.write(
        temporary,
        Json.bytes(
            Map.of(
                "number",
                number,
                "knows",
                Documents.known(catalog),
                "put",
                put,
                "forget",
                List.of())));
    Files.move(
        temporary, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
  }
}
