package org.nucleon.dhcp.agent;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.UUID;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.nucleon.agent.api.Applier;
import org.nucleon.agent.api.ApplyException;
import org.nucleon.agent.api.Drift;
import org.nucleon.agent.api.Stage;
import org.nucleon.core.net.IpAddress;
import org.nucleon.host.process.ConfigFile;
import org.nucleon.host.process.Processes;

/**
 * Tells each network's dnsmasq whom to give which address, and the addresses' names: by two files,
 * which it reads anew on SIGHUP with its leases kept. Entries have no tags: dnsmasq 2.90 dies of a
 * SIGHUP if they do. The lease of an entry that is gone is released, or dnsmasq would keep the
 * address from the next who is to have it.
 */
final class HostEntryApplier implements Applier<HostEntryItem> {
  private static final System.Logger LOG = System.getLogger("nucleon.dhcp");
  private static final int HUP = 1;

  private final Path folders;
  private final String domain;

  /**
   * Tells the servers whose folders lie in {@code folders}.
   *
   * @param folders where the folders of programs are
   * @param domain of the names
   */
  HostEntryApplier(Path folders, String domain) {
    this.folders = folders;
    this.domain = domain;
  }

  @Override
  public Class<HostEntryItem> items() {
    return HostEntryItem.class;
  }

  @Override
  public Stage stage() {
    return Stage.ENTRIES;
  }

  /** Nobody else writes into the folders, which are root's alone. */
  @Override
  public void start(Drift<HostEntryItem> drift) {}

  @Override
  public Map<Object, HostEntryItem> read() throws ApplyException {
    Map<Object, HostEntryItem> found = new LinkedHashMap<>();
    try (Stream<Path> all = Files.list(folders)) {
      for (Path folder : all.filter(Files::isDirectory).sorted().toList()) {
        Optional<UUID> network = Dnsmasq.network(folder);
        if (network.isPresent()) {
          entries(network.get()).values().forEach(entry -> found.put(entry.key(), entry));
        }
      }
      return found;
    } catch (NoSuchFileException e) {
      return found;
    } catch (IOException e) {
      throw new ApplyException("read DHCP host entries", e);
    }
  }

  /** What has its name; without one an entry is not whole. */
  private SortedMap<IpAddress, HostEntryItem> entries(UUID network) throws IOException {
    SortedMap<IpAddress, HostEntryItem> entries =
        entries(network, Dnsmasq.NAMES, line -> HostEntryItem.parseName(network, line, domain));
    entries(network, Dnsmasq.HOSTS, line -> HostEntryItem.parse(network, line))
        .forEach((address, given) ->
            entries.computeIfPresent(
                address,
                (_, named) -> new HostEntryItem(network, address, named.name(), given.mac())));
    return entries;
  }

  private SortedMap<IpAddress, HostEntryItem> entries(
      UUID network, String name, Function<String, HostEntryItem> parser) throws IOException {
    SortedMap<IpAddress, HostEntryItem> entries = new TreeMap<>();
    Path file = Dnsmasq.folder(folders, network).resolve(name);
    if (Files.exists(file)) {
      for (String line : Files.readAllLines(file)) {
        try {
          HostEntryItem entry = parser.apply(line);
          entries.put(entry.address(), entry);
        } catch (IllegalArgumentException e) {
          LOG.log(System.Logger.Level.WARNING, "{0}: not a line of ours: {1}", file, line);
        }
      }
    }
    return entries;
  }

  @Override
  public Map<Object, String> apply(
      Collection<HostEntryItem> put, Collection<HostEntryItem> remove) {
    Map<UUID, List<HostEntryItem>> added = byNetwork(put);
    Map<UUID, List<HostEntryItem>> removed = byNetwork(remove);
    Map<Object, String> reasons = new LinkedHashMap<>();
    Stream.concat(added.keySet().stream(), removed.keySet().stream())
        .distinct()
        .forEach(network -> {
          List<HostEntryItem> toAdd = added.getOrDefault(network, List.of());
          List<HostEntryItem> toRemove = removed.getOrDefault(network, List.of());
          try {
            if (!apply(network, toAdd, toRemove)) {
              toAdd.forEach(
                  entry -> reasons.put(entry.key(), "no DHCP server runs for " + network));
            }
          } catch (IOException e) {
            toAdd.forEach(entry -> reasons.put(entry.key(), String.valueOf(e.getMessage())));
            toRemove.forEach(entry -> reasons.put(entry.key(), String.valueOf(e.getMessage())));
          }
        });
    return reasons;
  }

  private static Map<UUID, List<HostEntryItem>> byNetwork(Collection<HostEntryItem> items) {
    return items.stream().collect(Collectors.groupingBy(HostEntryItem::network));
  }

  /** Returns whether there is a server that was told. */
  private boolean apply(UUID network, List<HostEntryItem> put, List<HostEntryItem> remove)
      throws IOException {
    Path folder = Dnsmasq.folder(folders, network);
    SortedMap<IpAddress, HostEntryItem> entries = entries(network);
    Map<IpAddress, HostEntryItem> before = new HashMap<>(entries);
    remove.forEach(entry -> entries.remove(entry.address(), entry));
    put.forEach(entry -> entries.put(entry.address(), entry));
    List<String> given =
        entries.values().stream()
            .filter(entry -> entry.mac() != null)
            .map(HostEntryItem::line)
            .toList();
    write(folder.resolve(Dnsmasq.HOSTS), given);
    write(
        folder.resolve(Dnsmasq.NAMES),
        entries.values().stream().map(entry -> entry.nameLine(domain)).toList());
    boolean told = Processes.signal(folder.resolve("pid"), HUP);
    if (told) {
      release(network, folder, entries);
      before.values().removeIf(entry -> hasOwner(entry, entries.get(entry.address())));
      release6(network, folder, before.keySet());
    }
    return told;
  }

  private static boolean hasOwner(HostEntryItem before, @Nullable HostEntryItem now) {
    return now != null && Objects.equals(before.mac(), now.mac());
  }

  private static void write(Path file, List<String> lines) throws IOException {
    if (lines.isEmpty()) {
      Files.deleteIfExists(file);
    } else {
      new ConfigFile(file, String.join("\n", lines) + "\n", true).write();
    }
  }

  private static void release(
      UUID network, Path folder, SortedMap<IpAddress, HostEntryItem> entries) {
    try {
      List<Lease> stale = new ArrayList<>();
      for (Lease lease : Lease.read(folder.resolve(Dnsmasq.LEASES))) {
        HostEntryItem entry = entries.get(lease.address());
        if (entry == null || !lease.mac().equals(entry.mac())) {
          stale.add(lease);
        }
      }
      Lease.release(network, stale);
    } catch (IOException e) {
      LOG.log(System.Logger.Level.WARNING, "leases of network {0}: {1}", network, e.getMessage());
    }
  }

  /**
   * A client of DHCPv6 is known by another name than its MAC address: what changes hands counts.
   */
  private static void release6(UUID network, Path folder, Set<IpAddress> givenUp) {
    try {
      List<Lease6> stale =
          Lease6.read(folder.resolve(Dnsmasq.LEASES)).stream()
              .filter(lease -> givenUp.contains(lease.address()))
              .toList();
      Lease6.release(network, stale);
    } catch (IOException e) {
      LOG.log(
          System.Logger.Level.WARNING,
          "DHCPv6 leases of network {0}: {1}",
          network,
          e.getMessage());
    }
  }

  @Override
  public void close() {
    // holds nothing
  }
}
