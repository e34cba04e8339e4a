package org.nucleon.agent.device;

import java.io.IOException;
import java.nio.file.NoSuchFileException;
import org.nucleon.host.namespace.NetworkNamespace;

/** A device's parameters of IPv6, see the kernel's ip-sysctl.rst. */
final class Ipv6Settings {
  private static final String DISABLED = "disable_ipv6";

  /** 2: although the namespace forwards. */
  private static final String ACCEPT_ADVERTISEMENTS = "accept_ra";

  /** Whether addresses wait for a second in which another host could claim them. */
  private static final String DETECT_DUPLICATES = "accept_dad";

  private Ipv6Settings() {}

  /** Whether a device does nothing with IPv6; so where the kernel has none. */
  static boolean isOff(NetworkNamespace namespace, String device) throws IOException {
    try {
      return get(namespace, device, DISABLED).equals("1");
    } catch (NoSuchFileException e) {
      return true;
    }
  }

  /** What a device does with IPv6. */
  static Ipv6 read(NetworkNamespace namespace, String device) throws IOException {
    if (isOff(namespace, device)) {
      return Ipv6.OFF;
    }
    return get(namespace, device, ACCEPT_ADVERTISEMENTS).equals("2")
        ? Ipv6.ADVERTISED
        : Ipv6.PLANNED;
  }

  /**
   * Sets it.
   *
   * @throws IOException also if the kernel has no IPv6, and the device is to have it
   */
  static void write(NetworkNamespace namespace, String device, Ipv6 ipv6) throws IOException {
    if (ipv6 != Ipv6.OFF) {
      set(namespace, device, DETECT_DUPLICATES, "0");
      set(namespace, device, ACCEPT_ADVERTISEMENTS, ipv6 == Ipv6.ADVERTISED ? "2" : "0");
    }
    set(namespace, device, DISABLED, ipv6 == Ipv6.OFF ? "1" : "0");
  }

  private static String get(NetworkNamespace namespace, String device, String parameter)
      throws IOException {
    return namespace.sysctl(path(device, parameter));
  }

  private static void set(NetworkNamespace namespace, String device, String parameter, String value)
      throws IOException {
    namespace.sysctl(path(device, parameter), value);
  }

  private static String path(String device, String parameter) {
    return "net/ipv6/conf/" + device + "/" + parameter;
  }
}
