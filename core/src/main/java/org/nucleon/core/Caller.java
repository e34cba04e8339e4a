package org.nucleon.core;

/**
 * Who asks for something.
 *
 * @param project the project in whose name
 * @param admin whether as an administrator
 */
public record Caller(String project, boolean admin) {

  /** The server itself, at work in the background. */
  public static final Caller SYSTEM = new Caller("", true);

  /** Whether a resource of that project is the caller's own, or the caller an administrator. */
  public boolean owns(String ofProject) {
    return admin || project.equals(ofProject);
  }
}
