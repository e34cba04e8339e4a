package org.nucleon.lab;

import java.nio.file.Path;

/**
 * What lies outside of the cloud: the external network 203.0.113.0/24, whose router is the
 * provider's, and behind that router a server. The server knows no way to tenants' addresses, so
 * what reaches it and is answered was translated.
 */
public final class Internet implements AutoCloseable {
  /** The external network. */
  public static final String CIDR = "203.0.113.0/24";

  /** The provider's router on it: the gateway of the external subnet. */
  public static final String GATEWAY = "203.0.113.1";

  /** The server behind the router; it echoes at {@link #ECHO_PORT} and speaks HTTP at port 80. */
  public static final String SERVER = "198.51.100.10";

  /** The server's TCP and UDP echo service. */
  public static final int ECHO_PORT = 7;

  private final Segment external;
  private final Machine router;
  private final Endpoint server;

  /** Boots the segment, the router and the server. */
  Internet(Path folder) {
    external = Segment.on(Machine.boot("external", folder));
    router = Machine.boot("provider", folder);
    external.attach(router, "ext0");
    Machine computer = Machine.boot("server", folder);
    Wire.connect(router, "srv0", computer, "eth0");
    router.script(
        """
        ip addr add 203.0.113.1/24 dev ext0
        ip addr add 198.51.100.1/24 dev srv0
        echo 1 >/proc/sys/net/ipv4/ip_forward
        """);
    computer.script(
        """
        ip addr add 198.51.100.10/24 dev eth0
        ip route add default via 198.51.100.1
        """);
    server = new Endpoint(computer, folder);
    server.serve(ECHO_PORT, 80);
  }

  /**
   * The external network itself.
   *
   * @return the segment that hosts' br-ex reach
   */
  public Segment external() {
    return external;
  }

  /**
   * The provider's router.
   *
   * @return a machine with {@code ext0} on the external network
   */
  public Machine router() {
    return router;
  }

  /**
   * The server, to try floating IPs from.
   *
   * @return the endpoint at {@link #SERVER}
   */
  public Endpoint server() {
    return server;
  }

  @Override
  public void close() {
    server.close();
    router.close();
    external.close();
  }
}
