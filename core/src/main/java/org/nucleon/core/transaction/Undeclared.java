package org.nucleon.core.transaction;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.nucleon.core.resource.Resource;
import org.nucleon.core.schema.Catalog;
import org.nucleon.core.state.Picture;

/** What is stored and no feature declares, such as a removed plugin's: kept, and not shown. */
final class Undeclared {

  private Undeclared() {}

  /** Each name with how many resources it concerns: {@code widget (3)}, {@code port.color (12)}. */
  static List<String> in(Catalog catalog, Store.Contents contents, Picture picture) {
    Map<String, Integer> counts = new TreeMap<>();
    for (Store.StoredResource stored : contents.resources()) {
      if (catalog.find(stored.type()).isEmpty()) {
        counts.merge(stored.type(), 1, Integer::sum);
      }
    }
    picture
        .everything()
        .forEach(all -> {
          for (Resource resource : all) {
            for (String name : resource.unknownNames()) {
              counts.merge(resource.type() + "." + name, 1, Integer::sum);
            }
          }
        });
    List<String> names = new ArrayList<>();
    counts.forEach((name, count) -> names.add(name + " (" + count + ")"));
    return names;
  }
}
