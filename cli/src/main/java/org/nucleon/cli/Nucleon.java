package org.nucleon.cli;

import java.io.PrintWriter;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** The command line. */
@Command(
    name = "nucleon",
    description = "OpenStack Networking: one small server and one agent per host.",
    mixinStandardHelpOptions = true,
    version = "Nucleon 0.1.0",
    subcommands = {
      Up.class,
      ServerVerb.class,
      AgentVerb.class,
      Enroll.class,
      DatabaseVerb.class,
      ConfigVerb.class,
      OpenApiVerb.class,
      Plug.class,
      Unplug.class,
      Clean.class,
      Train.class
    })
public final class Nucleon implements Runnable {

  private static final int REFUSED = 1;
  private static final int MISUSED = 2;

  @Spec private CommandSpec spec = CommandSpec.create();

  private Nucleon() {}

  @Override
  public void run() {
    throw new ParameterException(spec.commandLine(), "a verb is missing");
  }

  /**
   * Runs a verb; the process ends with 0, with 1 if the verb was refused, with 2 if the command
   * line is wrong.
   *
   * @param arguments the verb and its arguments
   */
  public static void main(String[] arguments) {
    System.exit(commandLine().execute(arguments));
  }

  /** The command line with all verbs. */
  static CommandLine commandLine() {
    return new CommandLine(new Nucleon())
        .setParameterExceptionHandler((e, arguments) -> misused(e))
        .setExecutionExceptionHandler((e, command, parsed) -> failed(e, command));
  }

  private static int misused(ParameterException e) {
    CommandLine command = e.getCommandLine();
    say(command, e.getMessage() + "; try: " + command.getCommandSpec().qualifiedName() + " --help");
    return MISUSED;
  }

  /** Anything but a refusal is a fault of ours and keeps its stack trace. */
  private static int failed(Exception e, CommandLine command) throws Exception {
    if (e instanceof Refusal) {
      say(command, String.valueOf(e.getMessage()));
      return REFUSED;
    }
    throw e;
  }

  private static void say(CommandLine command, String line) {
    PrintWriter err = command.getErr();
    err.println("nucleon: " + LogLine.escaped(line));
    err.flush();
  }
}
