package org.nucleon.cli;

/** Stand-in for the command line: prints the verb that it was given. */
public final class Nucleon {
  private Nucleon() {}

  /**
   * Prints the verb.
   *
   * @param arguments the verb and its arguments
   */
  public static void main(String[] arguments) {
    System.out.println(String.join(" ", arguments));
  }
}
