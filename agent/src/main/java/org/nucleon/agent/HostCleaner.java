package org.nucleon.agent;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.nucleon.agent.api.Applier;
import org.nucleon.agent.api.ApplyException;
import org.nucleon.agent.api.HostFeature;
import org.nucleon.agent.api.Item;
import org.nucleon.agent.api.Stage;
import org.nucleon.core.feature.Configuration;
import org.nucleon.core.feature.Drivers;

/** Removes from a host all that carries our marks, and only that. */
public final class HostCleaner {

  private static final int TOO_MANY = 20;

  private HostCleaner() {}

  /**
   * Names everything that is ours, then removes it.
   *
   * @param tell is told each thing before anything is removed
   * @return reasons for what could not be removed
   * @throws ApplyException if the host cannot be read
   */
  public static Collection<String> clean(
      String host,
      Path stateFolder,
      Configuration configuration,
      List<HostFeature> features,
      Drivers drivers,
      Consumer<String> tell)
      throws ApplyException, IOException {
    List<Applier<? extends Item>> appliers =
        Joining.of(
                host,
                stateFolder,
                configuration,
                features,
                drivers,
                () -> {
                  throw new IllegalStateException("a host that is cleaned has no resources");
                },
                (kind, facts) -> {})
            .appliers
            .stream()
            .sorted(Comparator.<Applier<?>, Stage>comparing(Applier::stage).reversed())
            .toList();
    for (Applier<?> applier : appliers) {
      applier.start(() -> {});
      tell(applier.items(), applier.read().keySet(), tell);
    }
    Collection<String> failures = new java.util.ArrayList<>();
    for (Applier<?> applier : appliers) {
      remove(applier).forEach((key, reason) -> failures.add(key + ": " + reason));
      applier.close();
    }
    return failures;
  }

  /** Each by its key; of what there are very many, flows, only how many. */
  private static void tell(Class<?> items, Collection<Object> keys, Consumer<String> tell) {
    String kind =
        items.getSimpleName().replaceFirst("Item$", "").toLowerCase(java.util.Locale.ROOT);
    if (keys.size() > TOO_MANY) {
      tell.accept(keys.size() + " times " + kind);
    } else {
      keys.stream().map(key -> kind + " " + key).sorted().forEach(tell);
    }
  }

  private static <I extends Item> Map<Object, String> remove(Applier<I> applier)
      throws ApplyException {
    Collection<I> present = applier.read().values();
    return present.isEmpty() ? Map.of() : applier.apply(List.of(), present);
  }
}
