package org.nucleon.host.nftables;

import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.nucleon.host.namespace.NetworkNamespace;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.ObjectMapper;
import tools.jackson.databind.json.JsonMapper;

/** The nftables of one namespace. Usable by any number of threads; closed, it must not be used. */
public final class Nftables implements AutoCloseable {
  private static final Path SOCKETS = Path.of("/proc/thread-self/net/netlink");
  private static final Path DESCRIPTORS = Path.of("/proc/self/fd");
  private static final String NETFILTER = "12";
  private static final ObjectMapper JSON = JsonMapper.builder().build();

  private final NetworkNamespace namespace;
  private final MemorySegment context;
  private final int port;

  private Nftables(NetworkNamespace namespace, MemorySegment context, int port) {
    this.namespace = namespace;
    this.context = context;
    this.port = port;
  }

  /**
   * Opens a context in a namespace.
   *
   * @param namespace stays open as long as this
   * @throws IOException if libnftables is missing or nftables may not be used
   */
  public static Nftables open(NetworkNamespace namespace) throws IOException {
    return namespace.call(() -> {
      Set<Socket> before = sockets();
      MemorySegment context = LibNftables.open();
      try {
        // Its socket gets its port id when it is first used.
        LibNftables.run(context, "list tables", false);
        Set<Socket> made = sockets();
        made.removeAll(before);
        return new Nftables(namespace, context, port(made));
      } catch (IOException | RuntimeException e) {
        LibNftables.close(context);
        throw e;
      }
    });
  }

  /**
   * Runs commands as one transaction: all of them or none.
   *
   * @param ruleset in nft's language
   * @throws NftablesException with nft's words if it is refused
   */
  public synchronized void run(String ruleset) throws IOException {
    namespace.call(() -> LibNftables.run(context, ruleset, false));
  }

  /**
   * Says whether {@link #run} would take the commands, as far as that can be known without the
   * kernel; changes nothing.
   *
   * @throws NftablesException with nft's words if it would refuse
   */
  public synchronized void check(String ruleset) throws IOException {
    namespace.call(() -> LibNftables.run(context, ruleset, true));
  }

  /**
   * What {@code nft -j list table} prints, see libnftables-json(5).
   *
   * @return empty if there is no such table
   * @throws IOException if it cannot be read
   */
  public synchronized Optional<JsonNode> listJson(Family family, String table) throws IOException {
    return namespace.call(() -> {
      if (!exists(family, table)) {
        return Optional.empty();
      }
      String command = "list table " + family.text() + " " + Identifier.check(table);
      return Optional.of(JSON.readTree(LibNftables.run(context, command, false)));
    });
  }

  private boolean exists(Family family, String table) throws IOException {
    for (JsonNode object :
        JSON.readTree(LibNftables.run(context, "list tables", false)).path("nftables")) {
      JsonNode found = object.path("table");
      if (found.path("family").asString("").equals(family.text())
          && found.path("name").asString("").equals(table)) {
        return true;
      }
    }
    return false;
  }

  /**
   * What the kernel has of a table.
   *
   * @return empty if there is no such table
   * @throws IOException if it cannot be read
   */
  public Optional<TableState> read(Family family, String table) throws IOException {
    return listJson(family, table).map(TableReader::read);
  }

  /**
   * Makes a table what it should be, with as few changes as possible.
   *
   * @return the commands that were needed; empty if all was right
   * @throws NftablesException with nft's words if they are refused; nothing is changed then
   */
  public synchronized Optional<String> apply(NftTable desired) throws IOException {
    Optional<String> difference = desired.difference(read(desired.family(), desired.name()));
    if (difference.isPresent()) {
      run(difference.get());
    }
    return difference;
  }

  /**
   * The netlink port id by which the kernel tells what this context changes; 0 if it is not known.
   */
  public int port() {
    return port;
  }

  /** Frees the context. */
  @Override
  public synchronized void close() {
    LibNftables.close(context);
  }

  /** A netfilter socket of a namespace, as /proc/net/netlink shows it. */
  private record Socket(int port, String inode) {}

  private static Set<Socket> sockets() throws IOException {
    Set<Socket> sockets = new HashSet<>();
    for (String line : Files.readAllLines(SOCKETS)) {
      List<String> columns = Arrays.asList(line.strip().split("\\s+"));
      if (columns.size() >= 10 && columns.get(1).equals(NETFILTER)) {
        sockets.add(new Socket(Integer.parseUnsignedInt(columns.get(2)), columns.getLast()));
      }
    }
    return sockets;
  }

  /** Others may open sockets at the same moment: ours are those that we have a descriptor of. */
  private static int port(Set<Socket> candidates) throws IOException {
    if (candidates.size() <= 1) {
      return candidates.stream().mapToInt(Socket::port).findFirst().orElse(0);
    }
    Set<String> own = new HashSet<>();
    try (Stream<Path> descriptors = Files.list(DESCRIPTORS)) {
      descriptors.forEach(descriptor -> {
        try {
          own.add(Files.readSymbolicLink(descriptor).toString());
        } catch (IOException closedMeanwhile) {
          own.remove("");
        }
      });
    }
    List<Socket> ours =
        candidates.stream()
            .filter(socket -> own.contains("socket:[" + socket.inode() + "]"))
            .toList();
    return ours.size() == 1 ? ours.getFirst().port() : 0;
  }
}
