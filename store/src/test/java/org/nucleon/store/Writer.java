package org.nucleon.store;

import java.nio.file.Path;
import java.util.UUID;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.nucleon.core.Caller;
import org.nucleon.core.schema.Attribute;
import org.nucleon.core.schema.Catalog;
import org.nucleon.core.schema.Operation;
import org.nucleon.core.schema.ResourceType;
import org.nucleon.core.schema.Values;
import org.nucleon.core.transaction.Engine;
import org.nucleon.core.transaction.Rules;

/**
 * A process that writes pairs without end and prints each pair's ids once it is told that they are
 * kept.
 */
final class Writer {

  static final ResourceType THING = ResourceType.of("thing", "things", "A thing.");
  static final Attribute<UUID> TWIN =
      Attribute.of(THING, "twin", Values.reference(THING))
          .about("Made in the same transaction.")
          .setOn(Operation.CREATE)
          .nullable();

  private Writer() {}

  static Catalog catalog() {
    return Catalog.builder().declare(THING, TWIN).build();
  }

  public static void main(String[] arguments) throws Exception {
    Engine engine =
        new Engine(catalog(), new Rules(), SqliteStore.open(Path.of(arguments[0])), false);
    ExecutorService threads = Executors.newFixedThreadPool(8);
    for (int i = 0; i < 8; i++) {
      threads.submit(() -> {
        while (true) {
          String pair =
              engine.write(
                  Caller.SYSTEM,
                  tx -> {
                    var one = tx.create(tx.draft(THING, "p"));
                    var two = tx.create(tx.draft(THING, "p").set(TWIN, one.id()));
                    return one.id() + " " + two.id();
                  });
          synchronized (System.out) {
            System.out.println(pair);
          }
        }
      });
    }
  }
}
