package org.nucleon.host.ethernet;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import org.nucleon.host.namespace.NativeSocket;
import org.nucleon.host.namespace.NetworkNamespace;

/**
 * Whether a device computes the checksums of what is sent through it. A veth end does not, it only
 * says so, and a userspace switch at its other end drops what comes with a wrong checksum: there it
 * has to be turned off. See ethtool(8), {@code -K tx}.
 */
public final class ChecksumOffload {
  private static final long SIOCETHTOOL = 0x8946;
  private static final int ETHTOOL_GTXCSUM = 0x16;
  private static final int ETHTOOL_STXCSUM = 0x17;
  private static final int AF_INET = 2;
  private static final int SOCK_DGRAM = 2;
  private static final int NAME = 16;

  private ChecksumOffload() {}

  /**
   * Whether transmit checksum offload is on.
   *
   * @param device the device's name
   * @throws IOException ENODEV if there is none
   */
  public static boolean isOn(NetworkNamespace namespace, String device) throws IOException {
    return call(namespace, device, ETHTOOL_GTXCSUM, 0) != 0;
  }

  /**
   * Turns transmit checksum offload on or off, and with it what depends on it (segmentation).
   *
   * @param device the device's name
   * @throws IOException ENODEV if there is none, EOPNOTSUPP if the device cannot
   */
  public static void set(NetworkNamespace namespace, String device, boolean on) throws IOException {
    call(namespace, device, ETHTOOL_STXCSUM, on ? 1 : 0);
  }

  private static int call(NetworkNamespace namespace, String device, int command, int value)
      throws IOException {
    if (device.length() >= NAME) {
      throw new IllegalArgumentException("not a device's name: " + device);
    }
    try (NativeSocket socket = NativeSocket.open(namespace, AF_INET, SOCK_DGRAM, 0);
        Arena arena = Arena.ofConfined()) {
      MemorySegment data = arena.allocate(8, 8);
      data.set(ValueLayout.JAVA_INT, 0, command);
      data.set(ValueLayout.JAVA_INT, 4, value);
      MemorySegment request = arena.allocate(40, 8);
      request.setString(0, device);
      request.set(ValueLayout.ADDRESS, NAME, data);
      String verb = command == ETHTOOL_GTXCSUM ? "read" : "set";
      socket.ioctl(SIOCETHTOOL, request, verb + " checksum offload of " + device);
      return data.get(ValueLayout.JAVA_INT, 4);
    }
  }
}
