package org.nucleon.agent.device;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.nucleon.host.namespace.NetworkNamespace;
import org.nucleon.host.netlink.Link;
import org.nucleon.host.netlink.Netlink;
import org.nucleon.host.process.ConfigFile;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.json.JsonMapper;

/**
 * What an agent leaves in a program's folder so that a later one can tell what it is.
 *
 * @param namespace that it was started in
 * @param device that it is bound to; null for none
 * @param deviceIndex the device's index when it was started; 0 for none
 * @param command that it was started with
 * @param ready the file that says that it serves
 * @param files the names of its files
 * @param reloaded the names of the files that it reads anew
 */
record ProgramRecord(
    String namespace,
    @Nullable String device,
    int deviceIndex,
    List<String> command,
    String ready,
    List<String> files,
    List<String> reloaded) {
  private static final String NAME = "program.json";
  private static final JsonMapper JSON = JsonMapper.builder().build();

  /** The record of a program that is about to be started or reloaded. */
  static ProgramRecord of(ProgramItem item) throws IOException {
    return new ProgramRecord(
        item.namespace(),
        item.device(),
        index(item.namespace(), item.device()),
        item.command(),
        item.ready(),
        item.files().keySet().stream().sorted().toList(),
        item.reloaded().keySet().stream().sorted().toList());
  }

  /** The record in a folder; empty if there is none that can be read. */
  static Optional<ProgramRecord> read(Path folder) throws IOException {
    try {
      return Optional.of(
          JSON.readValue(Files.readString(folder.resolve(NAME)), ProgramRecord.class));
    } catch (NoSuchFileException | JacksonException e) {
      return Optional.empty();
    }
  }

  /** Leaves it in a folder. */
  void write(Path folder) throws IOException {
    new ConfigFile(folder.resolve(NAME), JSON.writeValueAsString(this), true).write();
  }

  /**
   * The program as it is there, with what its files hold now.
   *
   * @param actual its command as /proc shows it; empty if it does not run
   * @param pid its number; 0 if it does not run
   */
  ProgramItem actual(Path folder, List<String> actual, long pid) throws IOException {
    boolean bound = index(namespace, device) == deviceIndex;
    return new ProgramItem(
        folder,
        pid == 0 || isInNamespace(pid) ? namespace : "",
        bound ? device : null,
        actual,
        ready,
        contents(folder, files),
        contents(folder, reloaded));
  }

  private static int index(String namespace, @Nullable String device) throws IOException {
    if (device == null || !NetworkNamespace.exists(namespace)) {
      return 0;
    }
    try (NetworkNamespace open = NetworkNamespace.open(namespace);
        Netlink netlink = Netlink.open(open)) {
      return netlink.link(device).map(Link::index).orElse(0);
    }
  }

  private boolean isInNamespace(long pid) throws IOException {
    try {
      Path named = Path.of("/run/netns", namespace);
      String inside = Files.readSymbolicLink(Path.of("/proc/" + pid + "/ns/net")).toString();
      return inside.equals("net:[" + Files.getAttribute(named, "unix:ino") + "]");
    } catch (NoSuchFileException e) {
      return false;
    }
  }

  private static Map<String, String> contents(Path folder, List<String> names) throws IOException {
    Map<String, String> contents = new TreeMap<>();
    for (String name : names) {
      try {
        contents.put(name, Files.readString(folder.resolve(name)));
      } catch (NoSuchFileException removedByHand) {
        contents.remove(name);
      }
    }
    return contents;
  }
}
