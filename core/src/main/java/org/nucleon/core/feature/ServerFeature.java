package org.nucleon.core.feature;

/** What a feature does on the server. Found by {@link java.util.ServiceLoader}. */
public interface ServerFeature {

  /** The {@link Feature#name} of the declarations that it serves. */
  String name();

  /** Adds its rules, actions, routes and background work. */
  void serve(ServerSide server);
}
