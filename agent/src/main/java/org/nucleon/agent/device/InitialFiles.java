package org.nucleon.agent.device;

import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What a program finds in its folder when it starts there for the first time, and writes itself
 * from then on. All are equal: what a program would begin with today does not make another one of
 * it.
 *
 * @param contents by name in the folder; what is there already stays
 */
public record InitialFiles(Map<String, String> contents) {
  /** Nothing. */
  public static final InitialFiles NONE = new InitialFiles(Map.of());

  /** Copies the map. */
  public InitialFiles {
    contents = Map.copyOf(contents);
  }

  @Override
  public boolean equals(@Nullable Object other) {
    return other instanceof InitialFiles;
  }

  @Override
  public int hashCode() {
    return 0;
  }
}
