package org.nucleon.server.plugin;

/** Why a plugin is not loaded, in one line that names it. */
public final class PluginException extends IllegalStateException {

  PluginException(String plugin, String reason) {
    super("the plugin " + plugin + " cannot be loaded: " + reason);
  }

  /**
   * What a provider did wrong.
   *
   * @param origin which plugin it is of, or that it is our own
   */
  PluginException(String origin, Throwable thrown) {
    super(origin + " cannot be loaded: " + reason(thrown), thrown);
  }

  /** The first cause: the ones around it only say that something was being loaded. */
  private static String reason(Throwable thrown) {
    Throwable first = thrown;
    while (first.getCause() != null) {
      first = first.getCause();
    }
    String message = String.valueOf(first.getMessage()).lines().findFirst().orElse("");
    return first instanceof java.util.ServiceConfigurationError
            || first instanceof IllegalStateException
        ? message
        : first.getClass().getSimpleName() + ": " + message;
  }
}
