package org.nucleon.metadata.agent;

import java.io.IOException;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;
import org.nucleon.agent.api.Applier;
import org.nucleon.agent.api.ApplyException;
import org.nucleon.agent.api.Drift;
import org.nucleon.agent.api.Stage;
import org.nucleon.host.namespace.EventLoop;
import org.nucleon.host.namespace.NameWatch;

/** Listens in namespaces. A fresh agent listens nowhere yet. */
final class ListenerApplier implements Applier<ListenerItem> {
  private final Service service;
  private final Map<ListenerItem.Key, Listener> listeners = new ConcurrentHashMap<>();
  private @Nullable NameWatch names;
  private @Nullable EventLoop links;
  private Runnable lost = () -> {};

  ListenerApplier(Service service) {
    this.service = service;
  }

  @Override
  public Class<ListenerItem> items() {
    return ListenerItem.class;
  }

  @Override
  public Stage stage() {
    return Stage.PROGRAMS;
  }

  /** A namespace that was removed by hand lasts until nothing listens in it: at once, then. */
  @Override
  public void start(Drift<ListenerItem> drift) throws ApplyException {
    lost = drift::anywhere;
    try {
      links = EventLoop.start();
      names =
          NameWatch.start(name -> {
            List<Listener> lost =
                listeners.values().stream()
                    .filter(listener -> listener.item().namespace().equals(name))
                    .filter(listener -> !listener.isThere())
                    .toList();
            lost.forEach(Listener::close);
            if (!lost.isEmpty()) {
              drift.anywhere();
            }
          });
    } catch (IOException e) {
      throw new ApplyException("watch namespaces", e);
    }
  }

  @Override
  public Map<Object, ListenerItem> read() {
    Map<Object, ListenerItem> found = new LinkedHashMap<>();
    listeners
        .values()
        .removeIf(listener -> {
          boolean lost = !listener.isThere();
          if (lost) {
            listener.close();
          }
          return lost;
        });
    listeners.values().forEach(listener -> found.put(listener.item().key(), listener.item()));
    return found;
  }

  @Override
  public Map<Object, String> apply(Collection<ListenerItem> put, Collection<ListenerItem> remove) {
    Map<Object, String> reasons = new LinkedHashMap<>();
    for (ListenerItem item : remove) {
      end(item.key());
    }
    for (ListenerItem item : put) {
      end(item.key());
      try {
        Listener listener =
            Listener.open(
                item,
                Objects.requireNonNull(links, "not started"),
                lost,
                connection -> service.serve(connection, item.place()));
        listeners.put(item.key(), listener);
      } catch (IOException e) {
        reasons.put(item.key(), String.valueOf(e.getMessage()));
      }
    }
    return reasons;
  }

  private void end(ListenerItem.Key key) {
    Listener listener = listeners.remove(key);
    if (listener != null) {
      listener.close();
    }
  }

  @Override
  public void close() {
    try {
      if (names != null) {
        names.close();
      }
    } catch (IOException e) {
      System.getLogger("nucleon.metadata").log(System.Logger.Level.WARNING, "close", e);
    }
    listeners.values().forEach(Listener::close);
    listeners.clear();
    try {
      if (links != null) {
        links.close();
      }
    } catch (IOException e) {
      System.getLogger("nucleon.metadata").log(System.Logger.Level.WARNING, "close", e);
    }
    service.close();
  }
}
