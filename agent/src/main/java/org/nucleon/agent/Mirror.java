package org.nucleon.agent;

import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.nucleon.core.resource.Resource;
import org.nucleon.core.schema.Catalog;
import org.nucleon.core.state.Change;
import org.nucleon.core.state.ChangeSet;
import org.nucleon.core.state.Picture;
import org.nucleon.core.watch.HostUpdate;

/** What concerns this host: a picture moved on by the watch. */
final class Mirror {

  private volatile Picture picture;

  Mirror(Catalog catalog) {
    picture = Picture.empty(catalog, 0);
  }

  Picture picture() {
    return picture;
  }

  /** Moves on; returns what really changed. */
  List<Change> apply(HostUpdate update) {
    List<Change> changes = new ArrayList<>();
    for (Resource resource : update.put()) {
      @Nullable Resource before = picture.find(resource.type(), resource.id()).orElse(null);
      if (before == null || before.number() != resource.number()) {
        changes.add(new Change(resource.type(), resource.id(), before, resource));
      }
    }
    for (HostUpdate.Forgotten gone : update.forgotten()) {
      picture
          .find(gone.type(), gone.id())
          .ifPresent(before -> changes.add(new Change(gone.type(), gone.id(), before, null)));
    }
    picture =
        picture.apply(
            new ChangeSet(update.number(), changes, Map.of(), Set.of(), Set.of(), Set.of()));
    return changes;
  }

  List<Resource> everything() {
    return picture.everything().stream().flatMap(Collection::stream).toList();
  }
}
