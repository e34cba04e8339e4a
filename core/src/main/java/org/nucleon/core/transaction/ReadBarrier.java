package org.nucleon.core.transaction;

import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/**
 * Asks a shared database for its newest change number, one question for all who wait. Whoever comes
 * while a question is on its way waits for the next: the answer must be younger than the reader's
 * question.
 */
final class ReadBarrier {

  private final Store store;
  private @Nullable CompletableFuture<Long> next;
  private boolean asking;

  ReadBarrier(Store store) {
    this.store = store;
  }

  /** The newest number as of now or later; fails with the store's exception. */
  synchronized CompletableFuture<Long> newest() {
    CompletableFuture<Long> mine = next;
    if (mine == null) {
      mine = new CompletableFuture<>();
      next = mine;
    }
    if (!asking) {
      asking = true;
      Thread.ofVirtual().name("read barrier").start(this::ask);
    }
    return mine;
  }

  private void ask() {
    for (CompletableFuture<Long> waiting = take(); waiting != null; waiting = take()) {
      try {
        waiting.complete(store.newest());
      } catch (StoreException | RuntimeException e) {
        waiting.completeExceptionally(e);
      }
    }
  }

  private synchronized @Nullable CompletableFuture<Long> take() {
    CompletableFuture<Long> taken = next;
    next = null;
    asking = taken != null;
    return taken;
  }
}
