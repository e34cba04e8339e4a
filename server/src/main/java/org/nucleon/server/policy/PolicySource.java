package org.nucleon.server.policy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.nucleon.core.feature.Configuration;
import org.nucleon.core.feature.Option;
import org.nucleon.core.schema.Catalog;

/**
 * The policy as the operator's file has it now: a changed file acts within seconds. One that can no
 * longer be read leaves the rules as they were, with a word in the log.
 */
public final class PolicySource implements Supplier<Policy> {

  /** Where the rules are. */
  static final Option<String> FILE =
      Option.text(
          "oslo_policy",
          "policy_file",
          "policy.yaml",
          "rules over the default ones; a relative name is looked for beside the configuration"
              + " files and in /etc/neutron");

  /** Which default rules. */
  static final Option<Boolean> ENFORCE_ROLES =
      Option.bool(
          "oslo_policy",
          "enforce_new_defaults",
          false,
          "whether writing needs the role member and reading the role reader");

  private static final System.Logger LOG = System.getLogger("nucleon.policy");
  private static final long LOOK_AGAIN = TimeUnit.SECONDS.toNanos(1);

  private final Catalog catalog;
  private final boolean enforceRoles;
  private final @Nullable Path file;
  private volatile Policy policy;
  private volatile @Nullable FileTime read;
  private volatile long lookedAt = System.nanoTime();

  private PolicySource(Catalog catalog, boolean enforceRoles, @Nullable Path file) {
    this.catalog = catalog;
    this.enforceRoles = enforceRoles;
    this.file = file;
    this.read = modified();
    this.policy = load();
  }

  /**
   * The policy that a configuration names.
   *
   * @throws IllegalArgumentException naming the file and the rule that is wrong
   */
  public static PolicySource of(Catalog catalog, Configuration configuration) {
    String name = configuration.get(FILE);
    return new PolicySource(
        catalog, configuration.get(ENFORCE_ROLES), find(configuration, name).orElse(null));
  }

  private static Optional<Path> find(Configuration configuration, String name) {
    if (name.isEmpty()) {
      return Optional.empty();
    }
    Path named = Path.of(name);
    if (named.isAbsolute()) {
      return Optional.of(named);
    }
    return java.util.stream.Stream.concat(
            configuration.folders().stream(), java.util.stream.Stream.of(Path.of("/etc/neutron")))
        .map(folder -> folder.resolve(named))
        .filter(Files::exists)
        .findFirst();
  }

  @Override
  public Policy get() {
    long now = System.nanoTime();
    if (file != null && now - lookedAt > LOOK_AGAIN) {
      lookedAt = now;
      look();
    }
    return policy;
  }

  private synchronized void look() {
    FileTime modified = modified();
    if (modified == null || modified.equals(read)) {
      return;
    }
    read = modified;
    try {
      policy = load();
      LOG.log(System.Logger.Level.INFO, "policy read anew from {0}", file);
    } catch (IllegalArgumentException e) {
      LOG.log(System.Logger.Level.ERROR, "policy left as it was: {0}", e.getMessage());
    }
  }

  private @Nullable FileTime modified() {
    try {
      return file == null ? null : Files.getLastModifiedTime(file);
    } catch (IOException e) {
      return null;
    }
  }

  private Policy load() {
    Path from = file;
    if (from == null) {
      return Policy.of(catalog, Map.of(), enforceRoles);
    }
    try {
      return Policy.of(catalog, PolicyFile.read(from), enforceRoles);
    } catch (NoSuchFileException e) {
      throw new IllegalArgumentException(FILE + " = " + from + ": there is no such file", e);
    } catch (IOException e) {
      throw new IllegalArgumentException(FILE + ": " + e.getMessage(), e);
    } catch (IllegalArgumentException e) {
      throw new IllegalArgumentException(from + ": " + e.getMessage(), e);
    }
  }
}
