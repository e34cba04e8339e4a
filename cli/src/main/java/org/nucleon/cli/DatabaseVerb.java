package org.nucleon.cli;

import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.Callable;
import org.nucleon.core.transaction.Store;
import org.nucleon.core.transaction.StoreException;
import org.nucleon.store.DatabaseCopy;
import org.nucleon.store.DatabaseUrl;
import org.nucleon.store.ServerStore;
import org.nucleon.store.SqliteStore;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Works on databases while no server does. */
@Command(
    name = "db",
    description = "Works on databases while no server does.",
    mixinStandardHelpOptions = true,
    subcommands = DatabaseVerb.Copy.class)
final class DatabaseVerb implements Runnable {

  @Spec private CommandSpec spec = CommandSpec.create();

  @Override
  public void run() {
    throw new ParameterException(spec.commandLine(), "a verb is missing");
  }

  /** Moves an installation. */
  @Command(
      name = "copy",
      description = "Copies everything from one database into another, empty one.",
      mixinStandardHelpOptions = true)
  static final class Copy implements Callable<Integer> {

    private static final Duration PATIENCE = Duration.ofSeconds(60);

    @Spec private CommandSpec spec = CommandSpec.create();

    @Parameters(
        index = "0",
        paramLabel = "FROM",
        description = "a state folder, or a URL as in [database] connection")
    private String from = "";

    @Parameters(index = "1", paramLabel = "TO", description = "the same, of an empty database")
    private String to = "";

    @Override
    public Integer call() throws Refusal {
      PrintWriter out = spec.commandLine().getOut();
      if (!from.contains("://") && !SqliteStore.isIn(Path.of(from))) {
        throw new Refusal("no database in the folder " + from);
      }
      try (Store source = open(from);
          Store target = open(to)) {
        long resources =
            DatabaseCopy.copy(
                source,
                target,
                (table, rows) -> {
                  out.println(table + ": " + rows);
                  out.flush();
                });
        out.println("copied " + resources + " resources, counted again in the copy");
        out.flush();
        return 0;
      } catch (StoreException | IllegalArgumentException e) {
        throw new Refusal(String.valueOf(e.getMessage()));
      }
    }

    private static Store open(String where) throws StoreException, Refusal {
      if (where.contains("://")) {
        DatabaseUrl url = DatabaseUrl.parse(where);
        if (url.engine() == DatabaseUrl.Engine.EMBEDDED) {
          throw new Refusal("the embedded database is named by its state folder, not by a URL");
        }
        return ServerStore.open(url, PATIENCE);
      }
      if (!Files.exists(Path.of(where))) {
        return SqliteStore.open(StateFolder.at(Path.of(where)).path());
      }
      return SqliteStore.open(Path.of(where));
    }
  }
}
