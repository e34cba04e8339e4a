package org.nucleon.agent;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.nucleon.core.json.Json;
import org.nucleon.core.json.MalformedJson;
import org.nucleon.core.resource.Resource;
import org.nucleon.core.schema.Catalog;
import org.nucleon.core.watch.HostUpdate;
import org.nucleon.core.watch.HostUpdate.Aside;
import org.nucleon.core.watch.HostUpdate.Forgotten;

/**
 * What an agent knows, on disk: a snapshot and a {@link Journal} of what came after it, by which it
 * holds the data plane when no server can be reached. Only {@link #save} may be called on another
 * thread than the rest.
 */
final class SnapshotFile implements AutoCloseable {

  private static final System.Logger LOG = System.getLogger("nucleon.agent");

  /** A journal of so many bytes is worth a new snapshot, if it is as long as the last one. */
  private static final long WORTH_A_SNAPSHOT = 256 * 1024;

  private final Path file;
  private final Catalog catalog;
  private final Journal journal;
  private volatile long size;
  private boolean lacking;

  SnapshotFile(Path folder, Catalog catalog) {
    this.catalog = catalog;
    file = folder.resolve("snapshot.json");
    journal = new Journal(folder, Map.of("knows", Documents.known(catalog)));
  }

  /**
   * What to begin with, in order; empty if there is nothing. What cannot be read is put aside
   * whole, and so is what is by an agent that knew more: to act on what is left of it might open
   * what it closed, or remove what is newer.
   */
  List<HostUpdate> load() throws IOException {
    try {
      List<HostUpdate> updates = new ArrayList<>();
      int first = 0;
      if (Files.exists(file)) {
        size = Files.size(file);
        Object json = Json.parse(Files.readAllBytes(file));
        read(json, updates);
        first =
            json instanceof Map<?, ?> map && map.get("journal") instanceof Number number
                ? number.intValue()
                : 0;
      }
      journal.removeBefore(first);
      List<String> lines = journal.read(first);
      for (String line : lines) {
        read(Json.parse(line), updates);
      }
      lacking = !lines.isEmpty(); // else a journal more with each start
      return updates;
    } catch (MalformedJson | RuntimeException e) {
      Path aside = file.resolveSibling("snapshot.broken");
      if (Files.exists(file)) {
        Files.move(file, aside, StandardCopyOption.REPLACE_EXISTING);
      }
      journal.putAside();
      LOG.log(
          System.Logger.Level.WARNING,
          "the snapshot on disk cannot be read and was put aside as {0}: {1}",
          aside,
          e.getMessage());
      return List.of();
    }
  }

  private void read(@Nullable Object json, List<HostUpdate> updates) throws MalformedJson {
    if (json instanceof Map<?, ?> map && map.get("knows") instanceof Map<?, ?> known) {
      refuseMore(known);
      if (!map.containsKey("number")) {
        return; // the journal's first line
      }
    }
    updates.add(Documents.update(catalog, json));
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

  /**
   * Keeps an update, before it is acted on. A disk that does not take it keeps nobody from acting:
   * the next snapshot has it.
   */
  void append(HostUpdate update) {
    if (update.isEmpty()) {
      return;
    }
    List<Object> put = update.put().stream().<Object>map(Documents::json).toList();
    List<Object> forget = new ArrayList<>();
    update.forgotten().forEach(gone -> forget.add(json(gone)));
    update.aside().stream().map(Aside::which).forEach(gone -> forget.add(json(gone)));
    try {
      journal.append(Map.of("number", update.number(), "put", put, "forget", forget));
    } catch (IOException e) {
      failed(e);
    }
  }

  private static Map<String, String> json(Forgotten gone) {
    return Map.of("type", gone.type().name(), "id", gone.id().toString());
  }

  /** Whether a new snapshot is worth its while. */
  boolean isDue() {
    try {
      return lacking || journal.size() > Math.max(WORTH_A_SNAPSHOT, size);
    } catch (IOException e) {
      failed(e);
      return true;
    }
  }

  /**
   * The number of a journal that begins now, for the snapshot of what is known now.
   *
   * @throws IOException if the disk does not take it
   */
  int beginJournal() throws IOException {
    int number = journal.rotate();
    lacking = false;
    return number;
  }

  /**
   * Writes a snapshot in place of the one before, whose journals go.
   *
   * @param begun the journal that goes on with it
   */
  void save(int begun, long number, Iterable<Resource> resources) {
    try {
      write(begun, number, resources);
      journal.removeBefore(begun);
    } catch (IOException e) {
      failed(e); // the one before and its journals stay
    }
  }

  private void write(int begun, long number, Iterable<Resource> resources) throws IOException {
    List<Object> put = new ArrayList<>();
    resources.forEach(resource -> put.add(Documents.json(resource)));
    Map<String, Object> json = new LinkedHashMap<>();
    json.put("number", number);
    json.put("journal", begun);
    json.put("knows", Documents.known(catalog));
    json.put("put", put);
    json.put("forget", List.of());
    Path temporary = file.resolveSibling("snapshot.new");
    Files.deleteIfExists(temporary);
    Files.createFile(
        temporary,
        PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
    Files.write(temporary, Json.bytes(json));
    size = Files.size(temporary);
    Files.move(
        temporary, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
  }

  private void failed(IOException e) {
    lacking = true;
    LOG.log(
        System.Logger.Level.WARNING,
        "what this host should be cannot be kept on disk: {0}",
        e.getMessage());
  }

  @Override
  public void close() throws IOException {
    journal.close();
  }
}
