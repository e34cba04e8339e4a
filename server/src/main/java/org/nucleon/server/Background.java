package org.nucleon.server;

import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import org.nucleon.core.Caller;
import org.nucleon.core.feature.BackgroundWork;
import org.nucleon.core.state.ChangeSet;
import org.nucleon.core.state.Picture;
import org.nucleon.core.transaction.Engine;
import org.nucleon.core.transaction.Subscriber;
import org.nucleon.core.transaction.Transaction;

/** Runs one feature's background work on a thread of its own, change set by change set. */
final class Background implements Subscriber, AutoCloseable {

  private static final System.Logger LOG = System.getLogger("nucleon.background");

  private final BlockingQueue<Runnable> queue = new LinkedBlockingQueue<>();
  private final Engine engine;
  private final BackgroundWork work;
  private final BackgroundWork.Writer writer;
  private final Thread thread;

  Background(Engine engine, BackgroundWork work) {
    this.engine = engine;
    this.work = work;
    this.writer =
        new BackgroundWork.Writer() {
          @Override
          public <R> R write(Function<Transaction, R> body) {
            return engine.write(Caller.SYSTEM, body);
          }
        };
    this.thread = Thread.ofPlatform().daemon().name(work.name()).start(this::run);
    engine.subscribe(picture -> lookAround(), this);
  }

  /** Everything is to be looked at: hosts came or went. */
  void lookAround() {
    queue.add(() -> work.onPicture(engine.picture(), writer));
  }

  @Override
  public void onChange(ChangeSet set, Picture after) {
    queue.add(() -> work.onChange(set, after, writer));
  }

  /** What is to be done next: to look at everything, if nothing came for the work's period. */
  private Runnable next() throws InterruptedException {
    if (work.period().isZero()) {
      return queue.take();
    }
    Runnable next = queue.poll(work.period().toMillis(), TimeUnit.MILLISECONDS);
    return next == null ? () -> work.onPicture(engine.picture(), writer) : next;
  }

  private void run() {
    while (true) {
      try {
        next().run();
      } catch (InterruptedException e) {
        return;
      } catch (RuntimeException e) {
        LOG.log(System.Logger.Level.ERROR, work.name(), e);
      }
    }
  }

  @Override
  public void close() {
    engine.unsubscribe(this);
    thread.interrupt();
  }
}
