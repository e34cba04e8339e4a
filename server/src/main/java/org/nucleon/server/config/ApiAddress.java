package org.nucleon.server.config;

import java.net.InetSocketAddress;
import org.nucleon.core.feature.Configuration;
import org.nucleon.core.feature.Option;

/** Where the API listens. */
public final class ApiAddress {

  /** Neutron's port. */
  public static final int PORT = 9_696;

  private static final Option<String> BIND_HOST =
      Option.text(
          "DEFAULT",
          "bind_host",
          "",
          "the address that the API listens on; by default every one where callers prove who they"
              + " are, else 127.0.0.1");

  private static final Option<Integer> BIND_PORT =
      Option.integer("DEFAULT", "bind_port", PORT, "the port that the API listens on");

  private ApiAddress() {}

  /**
   * The address that a configuration asks for.
   *
   * @param proven whether callers prove who they are
   */
  public static InetSocketAddress of(Configuration configuration, boolean proven) {
    String host = configuration.get(BIND_HOST);
    return new InetSocketAddress(
        host.isEmpty() ? proven ? "0.0.0.0" : "127.0.0.1" : host, configuration.get(BIND_PORT));
  }
}
