package org.nucleon.agent.device;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.nucleon.agent.api.Item;

/**
 * A program that runs in a namespace, with a folder of its own that holds all that it reads and
 * writes. A record in that folder, made by its {@link ProgramApplier}, is the mark.
 *
 * @param folder absolute; removed with the program. Its name names the program
 * @param namespace the network namespace that it runs in
 * @param device a device that it is bound to: it is started anew if that is another one of the same
 *     name; null for none
 * @param command program and arguments; it must stay in the foreground
 * @param ready the name of a file in the folder that the program makes once it serves; empty for
 *     none
 * @param files contents by name in the folder; it is started anew if one changes
 * @param reloaded contents by name in the folder; it is sent SIGHUP if one changes
 * @param initial what it finds when it starts there for the first time
 */
public record ProgramItem(
    Path folder,
    String namespace,
    @Nullable String device,
    List<String> command,
    String ready,
    Map<String, String> files,
    Map<String, String> reloaded,
    InitialFiles initial)
    implements Item {

  /** Copies the collections. */
  public ProgramItem {
    command = List.copyOf(command);
    files = Map.copyOf(files);
    reloaded = Map.copyOf(reloaded);
  }

  /** A program that begins with nothing of its own. */
  public ProgramItem(
      Path folder,
      String namespace,
      @Nullable String device,
      List<String> command,
      String ready,
      Map<String, String> files,
      Map<String, String> reloaded) {
    this(folder, namespace, device, command, ready, files, reloaded, InitialFiles.NONE);
  }

  @Override
  public Object key() {
    return folder;
  }

  /** Where an agent with that state folder has the folders of programs. */
  public static Path folders(Path stateFolder) {
    return stateFolder.resolve("programs");
  }

  /** Whether a running {@code other} can become this by a SIGHUP. */
  boolean isReloadOf(ProgramItem other) {
    return new ProgramItem(folder, namespace, device, command, ready, files, Map.of())
        .equals(
            new ProgramItem(
                other.folder,
                other.namespace,
                other.device,
                other.command,
                other.ready,
                other.files,
                Map.of()));
  }
}
