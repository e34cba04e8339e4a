package org.nucleon.openvswitch.agent;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.nucleon.host.openflow.FlowEvent;
import org.nucleon.host.openflow.OpenFlowConnection;
import org.nucleon.host.openflow.OpenFlowListener;

/**
 * The connection to one bridge, opened when it is first needed and again when it was lost. Says
 * when others change flows, and when the bridge is another: it has none of its flows then.
 */
final class BridgeChannel implements AutoCloseable {

  private static final long FIRST_PAUSE_MILLIS = 20;
  private static final long LONGEST_PAUSE_MILLIS = 1_000;

  private final Path socket;
  private final BooleanSupplier exists;
  private final Consumer<List<FlowEvent>> changed;
  private final Runnable anew;
  private final ReentrantLock lock = new ReentrantLock();
  private final CountDownLatch closed = new CountDownLatch(1);
  private @Nullable OpenFlowConnection connection;
  private boolean opened;

  /**
   * A channel that is not open yet.
   *
   * @param exists whether there is such a bridge; otherwise it is not tried again
   * @param changed takes what others do to its flows; takes no time
   * @param anew run when it is open again after it was lost, whoever opened it, or the bridge is
   *     gone; takes no time
   */
  BridgeChannel(
      Path socket, BooleanSupplier exists, Consumer<List<FlowEvent>> changed, Runnable anew) {
    this.socket = socket;
    this.exists = exists;
    this.changed = changed;
    this.anew = anew;
  }

  /**
   * The open connection.
   *
   * @throws IOException if the bridge does not answer
   */
  OpenFlowConnection connection() throws IOException {
    lock.lock();
    try {
      OpenFlowConnection open = connection;
      if (open == null) {
        Ears ears = new Ears();
        open = OpenFlowConnection.open(socket, ears);
        ears.heard = open;
        connection = open;
        open.monitorFlows();
        if (opened) {
          anew.run();
        }
        opened = true;
      }
      return open;
    } finally {
      lock.unlock();
    }
  }

  /** Gives the connection up; the next use opens another. */
  void discard() {
    lock.lock();
    try {
      discard(connection);
    } finally {
      lock.unlock();
    }
  }

  /** Gives that connection up, unless another has taken its place. */
  private void discard(@Nullable OpenFlowConnection lost) {
    lock.lock();
    try {
      if (lost != null && lost == connection) {
        connection = null;
        lost.close();
      }
    } catch (IOException _) {
      // It is given up because it does not work.
    } finally {
      lock.unlock();
    }
  }

  private final class Ears implements OpenFlowListener {
    private volatile @Nullable OpenFlowConnection heard;

    @Override
    public void flowsChanged(List<FlowEvent> events) {
      changed.accept(events);
    }

    @Override
    public void disconnected(@Nullable Throwable cause) {
      if (cause != null) {
        Thread.ofVirtual().name("reconnect " + socket.getFileName()).start(this::reconnect);
      }
    }

    private void reconnect() {
      discard(heard);
      long pause = FIRST_PAUSE_MILLIS;
      while (!closedWithin(pause)) {
        try {
          if (exists.getAsBoolean()) {
            connection();
          } else {
            anew.run();
          }
          return;
        } catch (IOException _) {
          discard();
          pause = Math.min(2 * pause, LONGEST_PAUSE_MILLIS);
        }
      }
    }
  }

  private boolean closedWithin(long millis) {
    try {
      return closed.await(millis, TimeUnit.MILLISECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return true;
    }
  }

  @Override
  public void close() {
    closed.countDown();
    discard();
  }
}
