package org.nucleon.agent.device;

import java.io.IOException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import org.jspecify.annotations.Nullable;
import org.nucleon.host.namespace.EventLoop;
import org.nucleon.host.namespace.NameWatch;
import org.nucleon.host.namespace.NetworkNamespace;
import org.nucleon.host.netlink.NetlinkEvent;

/**
 * The named namespaces of ours, each held open from its first use on: what the appliers of this
 * package share. Usable by any number of threads.
 */
final class Namespaces implements AutoCloseable {
  private final EventLoop loop;
  private final Map<String, Holding> holdings = new HashMap<>();
  private final List<Listener> listeners = new CopyOnWriteArrayList<>();
  private @Nullable NameWatch names;

  Namespaces(EventLoop loop) {
    this.loop = loop;
  }

  /** Is told what happens in namespaces, on a thread that must not be held up. */
  interface Listener {
    /** Something about links, addresses or routes. */
    default void happened(String namespace, NetlinkEvent event) {}

    /** Others have changed our nftables. */
    default void nftChanged() {}

    /** A name came or went. */
    default void named(String namespace) {}

    /** Others have removed or replaced the namespace, with all that was in it. */
    default void lost(String namespace) {}
  }

  /** The inode tells a namespace from a later one of the same name. */
  private record Holding(Object inode, HeldNamespace held) {}

  /** Begins to tell a listener. */
  void listen(Listener listener) {
    listeners.add(listener);
  }

  /** The names of those that are there. */
  List<String> names() throws IOException {
    return NetworkNamespace.list().stream().filter(DeviceNames::isOurs).toList();
  }

  /** The namespace of that name, empty if there is none. */
  synchronized Optional<HeldNamespace> find(String name) throws IOException {
    Optional<Object> inode = NetworkNamespace.identity(name);
    Holding holding = holdings.get(name);
    if (holding != null && !inode.equals(Optional.of(holding.inode()))) {
      // Deleted by hand, it would live on as long as we hold it.
      holdings.remove(name);
      holding.held().close();
      holding = null;
    }
    if (inode.isEmpty()) {
      return Optional.empty();
    }
    if (holding == null) {
      holding = new Holding(inode.get(), open(name));
      holdings.put(name, holding);
    }
    return Optional.of(holding.held());
  }

  private HeldNamespace open(String name) throws IOException {
    return new HeldNamespace(
        name,
        loop,
        event -> listeners.forEach(listener -> listener.happened(name, event)),
        () -> listeners.forEach(Listener::nftChanged));
  }

  /** The namespace of that name, made if there is none. */
  synchronized HeldNamespace findOrCreate(String name) throws IOException {
    Optional<HeldNamespace> present = find(name);
    if (present.isPresent()) {
      return present.get();
    }
    NetworkNamespace.create(name).close();
    return find(name).orElseThrow(() -> new IOException(name + " was removed at once"));
  }

  /** Lets go of the namespace and removes its name. */
  synchronized void delete(String name) throws IOException {
    Holding holding = holdings.remove(name);
    if (holding != null) {
      holding.held().close();
    }
    NetworkNamespace.delete(name);
  }

  /** Begins to tell which names come and go. */
  synchronized void watchNames() throws IOException {
    if (names != null) {
      return;
    }
    names = NameWatch.start(this::tell);
  }

  private void tell(String name) {
    if (!DeviceNames.isOurs(name)) {
      return;
    }
    boolean lost;
    synchronized (this) {
      Holding holding = holdings.get(name);
      lost =
          holding != null && !NetworkNamespace.identity(name).equals(Optional.of(holding.inode()));
    }
    for (Listener listener : listeners) {
      listener.named(name);
      if (lost) {
        listener.lost(name);
      }
    }
  }

  /** Lets go of all; the namespaces go on to exist. */
  @Override
  public synchronized void close() throws IOException {
    if (names != null) {
      names.close();
    }
    for (Holding holding : holdings.values()) {
      holding.held().close();
    }
    holdings.clear();
  }
}
