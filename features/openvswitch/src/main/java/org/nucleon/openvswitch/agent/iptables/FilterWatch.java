package org.nucleon.openvswitch.agent.iptables;

import java.io.IOException;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashSet;
import java.util.Set;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.nucleon.host.namespace.EventLoop;
import org.nucleon.host.namespace.NetworkNamespace;
import org.nucleon.host.nftables.Family;
import org.nucleon.host.nftables.NftEvent;
import org.nucleon.host.nftables.NftMonitor;

/**
 * Sees to what the filter rests on while it is in use. Where iptables is made of nftables the
 * kernel tells of changes; its older form tells nothing. Nor does it tell of the switches that lead
 * bridged packets to iptables at all: those are looked at every second, for without them nothing is
 * filtered.
 */
public final class FilterWatch implements AutoCloseable {

  private static final System.Logger LOG = System.getLogger("nucleon.agent");
  private static final int REMEMBERED = 32;

  private final NetworkNamespace namespace;
  private final BridgeSwitches switches;
  private final Deque<Long> mine = new ArrayDeque<>();
  private final Set<Long> heardMeanwhile = new HashSet<>();
  private boolean isChanging;
  private Runnable drift = () -> {};
  private @Nullable EventLoop loop;
  private @Nullable NftMonitor monitor;
  private @Nullable ScheduledExecutorService clock;

  /**
   * A watch that is not started.
   *
   * @param namespace the host's own
   * @param switches what leads bridged packets to iptables
   */
  public FilterWatch(NetworkNamespace namespace, BridgeSwitches switches) {
    this.namespace = namespace;
    this.switches = switches;
  }

  /** Whether anything is to be filtered here; else only what is left of such a time goes. */
  boolean isNeeded() {
    return switches.isNeeded();
  }

  /** Runs {@code drift} whenever another program changes the tables. */
  void start(Runnable onDrift) {
    if (!switches.isNeeded()) {
      return;
    }
    drift = onDrift;
    try {
      EventLoop started = EventLoop.start();
      loop = started;
      monitor = NftMonitor.watch(started, namespace, this::heard);
    } catch (IOException e) {
      LOG.log(System.Logger.Level.DEBUG, "no nftables here: changes by others are found later", e);
    }
    ScheduledExecutorService timer =
        Executors.newSingleThreadScheduledExecutor(
            Thread.ofPlatform().daemon().name("bridge-switches").factory());
    timer.scheduleWithFixedDelay(switches::repair, 1, 1, TimeUnit.SECONDS);
    clock = timer;
  }

  /** A change of our own begins: whose the events are that come meanwhile shows at its end. */
  synchronized void begin() {
    isChanging = true;
  }

  /**
   * A change of our own is over.
   *
   * @param port the netlink port id in its events; 0 if nothing was changed
   */
  synchronized void end(long port) {
    isChanging = false;
    mine.addLast(port);
    if (mine.size() > REMEMBERED) {
      mine.removeFirst();
    }
    if (!mine.containsAll(heardMeanwhile)) {
      drift.run();
    }
    heardMeanwhile.clear();
  }

  private synchronized void heard(NftEvent event) {
    switch (event) {
      case NftEvent.Overrun() -> drift.run();
      case NftEvent.TableChanged(Family family, String name, int port) -> {
        if ((family != Family.IP && family != Family.IP6) || !FilterChange.TABLES.contains(name)) {
          return;
        }
        if (isChanging) {
          heardMeanwhile.add((long) port);
        } else if (!mine.contains((long) port)) {
          drift.run();
        }
      }
    }
  }

  @Override
  public void close() {
    try {
      if (clock != null) {
        clock.shutdownNow();
      }
      if (monitor != null) {
        monitor.close();
      }
      if (loop != null) {
        loop.close();
      }
    } catch (IOException e) {
      LOG.log(System.Logger.Level.DEBUG, "closing the watch of iptables", e);
    }
  }
}
