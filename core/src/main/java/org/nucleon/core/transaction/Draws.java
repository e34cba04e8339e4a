package org.nucleon.core.transaction;

import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.ThreadLocalRandom;

/**
 * What a request drew by chance or from the clock. Each run of its rules draws the same again, so
 * that a run repeated after a conflict makes the same resource.
 */
final class Draws {

  private final List<UUID> ids = new ArrayList<>();
  private final List<Long> numbers = new ArrayList<>();
  private final Instant now = Instant.now().truncatedTo(ChronoUnit.SECONDS);
  private int nextId;
  private int nextNumber;

  void rewind() {
    nextId = 0;
    nextNumber = 0;
  }

  UUID id() {
    if (nextId == ids.size()) {
      ids.add(UUID.randomUUID());
    }
    return ids.get(nextId++);
  }

  long number() {
    if (nextNumber == numbers.size()) {
      numbers.add(ThreadLocalRandom.current().nextLong());
    }
    return numbers.get(nextNumber++);
  }

  Instant now() {
    return now;
  }
}
