package org.nucleon.agent;

import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.nucleon.core.resource.Resource;
import org.nucleon.core.schema.Catalog;
import org.nucleon.core.state.Change;
import org.nucleon.core.state.ChangeSet;
import org.nucleon.core.state.Picture;
import org.nucleon.core.watch.HostUpdate;
import org.nucleon.core.watch.HostUpdate.Aside;
import org.nucleon.core.watch.HostUpdate.Forgotten;

/** What concerns this host: a picture moved on by the watch. */
final class Mirror {

  private static final System.Logger LOG = System.getLogger("nucleon.agent");

  private final Map<Forgotten, String> aside = new LinkedHashMap<>();
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
    update.put().forEach(r -> aside.remove(new Forgotten(r.type(), r.id())));
    update.forgotten().forEach(aside::remove);
    update.forgotten().forEach(gone -> without(gone, changes));
    for (Aside one : update.aside()) {
      without(one.which(), changes);
      if (!one.reason().equals(aside.put(one.which(), one.reason()))) {
        LOG.log(System.Logger.Level.ERROR, line(one.which(), one.reason()));
      }
    }
    picture = picture.apply(ChangeSet.of(update.number(), changes));
    return changes;
  }

  /** Without the resource the host is closed to it, whatever was known of it before. */
  private void without(Forgotten which, List<Change> changes) {
    picture
        .find(which.type(), which.id())
        .ifPresent(before -> changes.add(new Change(which.type(), which.id(), before, null)));
  }

  /** The update is a whole difference to {@link #everything}: what else was set aside is gone. */
  void whole(HostUpdate update) {
    aside.keySet().retainAll(update.aside().stream().map(Aside::which).toList());
  }

  /** What is set aside as not understood, a line each. */
  List<String> aside() {
    return aside.entrySet().stream().map(e -> line(e.getKey(), e.getValue())).toList();
  }

  private static String line(Forgotten which, String reason) {
    return "aside   " + which.type() + " " + which.id() + ": " + reason;
  }

  List<Resource> everything() {
    return picture.everything().stream().flatMap(Collection::stream).toList();
  }
}
