package org.nucleon.dhcp.agent;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HexFormat;
import java.util.List;
import java.util.UUID;
import org.nucleon.agent.device.DeviceNames;
import org.nucleon.core.net.IpAddress;
import org.nucleon.host.namespace.NativeSocket;
import org.nucleon.host.namespace.NetworkNamespace;
import org.nucleon.host.netlink.Link;
import org.nucleon.host.netlink.Netlink;

/**
 * A lease of DHCPv6 that dnsmasq has given.
 *
 * @param address which address
 * @param association the number of the client's identity association (IAID)
 * @param client the client's identifier (DUID), in hexadecimal with colons
 * @param server the server's identifier, in the same form
 */
record Lease6(IpAddress address, int association, String client, String server) {
  private static final HexFormat COLONS = HexFormat.ofDelimiter(":");
  private static final IpAddress SERVERS = IpAddress.parse("ff02::1:2");
  private static final int AF_INET6 = 10;
  private static final int SOCK_DGRAM = 2;
  private static final int SERVER_PORT = 547;
  private static final int RELEASE = 8;
  private static final int CLIENT_ID = 1;
  private static final int SERVER_ID = 2;
  private static final int ASSOCIATION = 3;
  private static final int ADDRESS = 5;

  /**
   * The leases in dnsmasq's file, behind a line {@code duid} with its own: expiry, association,
   * address, name, client; none if there is no file.
   */
  static List<Lease6> read(Path file) throws IOException {
    List<Lease6> leases = new ArrayList<>();
    String server = "";
    try {
      for (String line : Files.readAllLines(file)) {
        String[] words = line.split(" ", -1);
        if (words.length == 2 && words[0].equals("duid")) {
          server = words[1];
        } else if (words.length == 5 && words[2].indexOf(':') >= 0 && !words[1].startsWith("T")) {
          leases.add(
              new Lease6(
                  IpAddress.parse(words[2]), Integer.parseUnsignedInt(words[1]), words[4], server));
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
   * Has the network's server forget leases, as if their holders had given them up: Release, RFC
   * 8415, 18.2.7. It is sent to all servers of the link, out of the server's own device.
   *
   * @throws IOException if it cannot be sent
   */
  static void release(UUID network, Collection<Lease6> leases) throws IOException {
    if (leases.isEmpty()) {
      return;
    }
    try (NetworkNamespace namespace = NetworkNamespace.open(DeviceNames.dhcpNamespace(network));
        Netlink netlink = Netlink.open(namespace);
        NativeSocket socket = NativeSocket.open(namespace, AF_INET6, SOCK_DGRAM, 0)) {
      for (Link link : netlink.links()) {
        if (!link.loopback()) {
          for (Lease6 lease : leases) {
            socket.send(lease.message(), servers(link.index()));
          }
        }
      }
    }
  }

  /** struct sockaddr_in6. */
  private static byte[] servers(int link) {
    return ByteBuffer.allocate(28)
        .order(ByteOrder.nativeOrder())
        .putShort((short) AF_INET6)
        .order(ByteOrder.BIG_ENDIAN)
        .putShort((short) SERVER_PORT)
        .putInt(0)
        .put(SERVERS.bytes())
        .order(ByteOrder.nativeOrder())
        .putInt(link)
        .array();
  }

  /** RFC 8415, 8 and 21. */
  byte[] message() {
    byte[] clientId = COLONS.parseHex(client);
    byte[] serverId = COLONS.parseHex(server);
    return ByteBuffer.allocate(4 + 4 + clientId.length + 4 + serverId.length + 16 + 28)
        .putInt(RELEASE << 24 | association & 0xff_ffff)
        .putShort((short) CLIENT_ID)
        .putShort((short) clientId.length)
        .put(clientId)
        .putShort((short) SERVER_ID)
        .putShort((short) serverId.length)
        .put(serverId)
        .putShort((short) ASSOCIATION)
        .putShort((short) (12 + 28))
        .putInt(association)
        .putInt(0)
        .putInt(0)
        .putShort((short) ADDRESS)
        .putShort((short) 24)
        .put(address.bytes())
        .putInt(0)
        .putInt(0)
        .array();
  }
}
