package org.nucleon.ml2.server;

import java.util.List;
import java.util.Objects;
import org.nucleon.core.feature.BackgroundWork;
import org.nucleon.core.resource.Draft;
import org.nucleon.core.resource.Resource;
import org.nucleon.core.state.Change;
import org.nucleon.core.state.ChangeSet;
import org.nucleon.core.state.Picture;
import org.nucleon.network.api.Agents;
import org.nucleon.network.api.Binding;
import org.nucleon.network.api.Ports;

/** Tries again to bind what could not be bound when an agent of its host appears or changes. */
final class Rebinding implements BackgroundWork {

  @Override
  public String name() {
    return "rebinding";
  }

  @Override
  public void onPicture(Picture picture, Writer writer) {
    // a host that comes or goes shows as a change of its agents
  }

  @Override
  public void onChange(ChangeSet set, Picture after, Writer writer) {
    set.changes().stream()
        .filter(change -> change.type().equals(Agents.AGENT))
        .filter(Rebinding::canServeMore)
        .map(change -> Objects.requireNonNull(change.after()).get(Agents.HOST))
        .distinct()
        .forEach(host -> rebind(host, after, writer));
  }

  private static boolean canServeMore(Change change) {
    Resource before = change.before();
    Resource after = change.after();
    return after != null
        && after.get(Agents.ALIVE)
        && (before == null
            || !before.get(Agents.ALIVE)
            || !before.get(Agents.CONFIGURATIONS).equals(after.get(Agents.CONFIGURATIONS)));
  }

  private static void rebind(String host, Picture picture, Writer writer) {
    List<Resource> failed =
        picture.list(Binding.HOST_ID, host).stream()
            .filter(port -> port.get(Binding.VIF_TYPE).equals(Binding.FAILED))
            .toList();
    for (Resource port : failed) {
      writer.write(tx ->
          tx.find(Ports.PORT, port.id())
              .filter(now -> now.get(Binding.VIF_TYPE).equals(Binding.FAILED))
              .map(now -> tx.update(new Draft(now))));
    }
  }
}
