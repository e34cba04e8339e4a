package org.nucleon.dhcp.agent;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.nucleon.agent.device.DeviceNames;
import org.nucleon.core.net.IpAddress;
import org.nucleon.core.net.IpPrefix;
import org.nucleon.core.net.MacAddress;
import org.nucleon.host.namespace.NativeSocket;
import org.nucleon.host.namespace.NetworkNamespace;
import org.nucleon.host.netlink.Address;
import org.nucleon.host.netlink.Netlink;

/**
 * A lease that dnsmasq has given.
 *
 * @param address which address
 * @param mac to whom
 */
record Lease(IpAddress address, MacAddress mac) {
  private static final int AF_INET = 2;
  private static final int SOCK_DGRAM = 2;
  private static final int SOL_SOCKET = 1;
  private static final int SO_BINDTOIFINDEX = 62;
  private static final int SERVER_PORT = 67;

  /**
   * The leases of IPv4 in dnsmasq's file: expiry, MAC, address, name, client id; none if there is
   * no file.
   */
  static List<Lease> read(Path file) throws IOException {
    List<Lease> leases = new ArrayList<>();
    try {
      for (String line : Files.readAllLines(file)) {
        String[] words = line.split(" ", -1);
        if (words.length == 5 && words[2].indexOf(':') < 0) {
          leases.add(new Lease(IpAddress.parse(words[2]), MacAddress.parse(words[1])));
        }
      }
    } catch (NoSuchFileException e) {
      return List.of();
    } catch (IllegalArgumentException e) {
      throw new IOException(file + " holds no leases", e);
    }
    return leases;
  }

  /**
   * Has the network's server forget leases, as if their holders had given them up: DHCPRELEASE, RFC
   * 2131, 4.4.4. It comes by the server's own device, or dnsmasq would not take it.
   *
   * @throws IOException if it cannot be sent
   */
  static void release(UUID network, List<Lease> leases) throws IOException {
    if (leases.isEmpty()) {
      return;
    }
    try (NetworkNamespace namespace = NetworkNamespace.open(DeviceNames.dhcpNamespace(network));
        Netlink netlink = Netlink.open(namespace)) {
      List<Address> addresses = netlink.addresses();
      for (Lease lease : leases) {
        Optional<Address> server = addresses.stream().filter(lease::isServedBy).findFirst();
        if (server.isPresent()) {
          lease.release(namespace, server.get());
        }
      }
    }
  }

  private boolean isServedBy(Address server) {
    return server.prefix().isIpv4()
        && IpPrefix.containing(
                IpAddress.parse(server.prefix().address().getHostAddress()),
                server.prefix().length())
            .contains(address);
  }

  private void release(NetworkNamespace namespace, Address server) throws IOException {
    byte[] serverAddress = server.prefix().address().getAddress();
    try (NativeSocket socket = NativeSocket.open(namespace, AF_INET, SOCK_DGRAM, 0)) {
      socket.option(SOL_SOCKET, SO_BINDTOIFINDEX, server.link());
      byte[] destination =
          ByteBuffer.allocate(16)
              .order(ByteOrder.nativeOrder())
              .putShort((short) AF_INET)
              .order(ByteOrder.BIG_ENDIAN)
              .putShort((short) SERVER_PORT)
              .put(serverAddress)
              .array();
      socket.send(message(serverAddress), destination);
    }
  }

  /** RFC 2131, figure 1; option 53 is the type, 7 for DHCPRELEASE, 54 the server's address. */
  byte[] message(byte[] server) {
    ByteBuffer message = ByteBuffer.allocate(300);
    message.put((byte) 1).put((byte) 1).put((byte) 6);
    message.put(12, address.bytes());
    message.position(28);
    message.putShort((short) (mac.value() >>> 32)).putInt((int) mac.value());
    message.position(236);
    message.putInt(0x6382_5363);
    message.put(new byte[] {53, 1, 7, 54, 4}).put(server).put((byte) 255);
    return message.array();
  }
}
