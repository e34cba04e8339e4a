package org.nucleon.server.policy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.snakeyaml.engine.v2.api.Load;
import org.snakeyaml.engine.v2.api.LoadSettings;
import org.snakeyaml.engine.v2.exceptions.YamlEngineException;

/** Reads an operator's {@code policy.yaml} or {@code policy.json}: rules by name. */
public final class PolicyFile {

  private PolicyFile() {}

  /**
   * The rules of a file.
   *
   * @throws IOException if it cannot be read, or is no map of rules by name
   */
  public static Map<String, String> read(Path file) throws IOException {
    Object document;
    try {
      LoadSettings settings = LoadSettings.builder().setAllowDuplicateKeys(false).build();
      document = new Load(settings).loadFromString(Files.readString(file));
    } catch (YamlEngineException e) {
      throw new IOException(file + ": " + e.toString().lines().findFirst().orElse(""), e);
    }
    if (document == null) {
      return Map.of();
    }
    if (!(document instanceof Map<?, ?> map)) {
      throw new IOException(file + ": rules by name were expected");
    }
    Map<String, String> rules = new LinkedHashMap<>();
    for (Map.Entry<?, ?> entry : map.entrySet()) {
      rules.put(String.valueOf(entry.getKey()), rule(file, entry));
    }
    return rules;
  }

  /** Old files have lists: any of the members, each of them a list of which all are to hold. */
  private static String rule(Path file, Map.Entry<?, ?> entry) throws IOException {
    return switch (entry.getValue()) {
      case null -> "";
      case String text -> text;
      case List<?> any -> {
        List<String> texts = new ArrayList<>();
        for (Object all : any) {
          texts.add(
              all instanceof List<?> checks
                  ? "(" + String.join(" and ", checks.stream().map(String::valueOf).toList()) + ")"
                  : String.valueOf(all));
        }
        yield String.join(" or ", texts);
      }
      default -> throw new IOException(file + ": the rule " + entry.getKey() + " is no text");
    };
  }
}
