package org.nucleon.dhcp.server;

import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Collectors;
import org.nucleon.core.ApiException;
import org.nucleon.core.feature.BackgroundWork;
import org.nucleon.core.feature.Configuration;
import org.nucleon.core.feature.Option;
import org.nucleon.core.resource.Draft;
import org.nucleon.core.resource.Resource;
import org.nucleon.core.resource.View;
import org.nucleon.core.state.Change;
import org.nucleon.core.state.ChangeSet;
import org.nucleon.core.state.Claim;
import org.nucleon.core.state.Picture;
import org.nucleon.core.transaction.Transaction;
import org.nucleon.dhcp.api.Dhcp;
import org.nucleon.network.api.AgentScheduling;
import org.nucleon.network.api.Agents;
import org.nucleon.network.api.Binding;
import org.nucleon.network.api.DeviceOwner;
import org.nucleon.network.api.FixedIp;
import org.nucleon.network.api.Networks;
import org.nucleon.network.api.Ports;
import org.nucleon.network.api.Subnets;

/**
 * Places each network with a served subnet on the hosts with the fewest whose agents take work,
 * where it stays until an agent is lost, switched off or removed; and keeps a server's port on each
 * of them: one address in each served subnet. A network that has none, or none any more, stays
 * where it was placed or given by hand, without a port.
 */
final class DhcpScheduler implements BackgroundWork {

  private static final System.Logger LOG = System.getLogger("nucleon.dhcp");

  private static final Option<Integer> AGENTS_PER_NETWORK =
      Option.integer(
          "DEFAULT", "dhcp_agents_per_network", 1, "How many DHCP agents serve each network");

  private static final Option<Boolean> FAILOVER =
      Option.bool(
          "DEFAULT",
          "allow_automatic_dhcp_failover",
          true,
          "Whether networks of lost DHCP agents are given to others");

  private final AgentScheduling scheduling;
  private final int wanted;

  DhcpScheduler(Configuration configuration, InstantSource clock) {
    scheduling =
        new AgentScheduling(Dhcp.AGENT_TYPE, configuration.get(FAILOVER), configuration, clock);
    wanted = Math.max(1, configuration.get(AGENTS_PER_NETWORK));
  }

  @Override
  public String name() {
    return "dhcp-scheduler";
  }

  @Override
  public Duration period() {
    return scheduling.period();
  }

  @Override
  public void onPicture(Picture picture, Writer writer) {
    Collection<Resource> networks = picture.all(Networks.NETWORK);
    Set<String> serving =
        networks.stream().flatMap(n -> n.get(Dhcp.HOSTS).stream()).collect(Collectors.toSet());
    Set<String> losing = scheduling.losing(picture, serving);
    int eligible = scheduling.eligible(picture).size();
    for (Resource network : networks) {
      List<String> hosts = network.get(Dhcp.HOSTS);
      boolean mayHaveMore =
          hosts.size() < Math.min(wanted, eligible)
              && !network.get(Dhcp.TAKEN_AWAY)
              && !Dhcp.servedSubnets(picture, network.id()).isEmpty();
      if (hosts.stream().anyMatch(losing::contains)
          || !isSettled(picture, network)
          || !hosts.isEmpty() && mayHaveMore) {
        settle(network.id(), losing, writer);
      }
    }
  }

  @Override
  public void onChange(ChangeSet set, Picture after, Writer writer) {
    Set<UUID> networks = new LinkedHashSet<>();
    for (Change change : set.changes()) {
      Resource before = change.before();
      Resource now = change.after();
      Resource known = now == null ? before : now;
      if (known == null) {
        continue;
      }
      if (change.type().equals(Networks.NETWORK)) {
        networks.add(change.id());
      } else if (change.type().equals(Subnets.SUBNET)) {
        networks.add(known.get(Subnets.NETWORK_ID));
      } else if (change.type().equals(Ports.PORT)
          && known.get(Ports.DEVICE_OWNER).equals(DeviceOwner.DHCP)) {
        networks.add(known.get(Ports.NETWORK_ID));
      }
    }
    for (UUID id : networks) {
      if (after.find(Networks.NETWORK, id).filter(n -> !isSettled(after, n)).isPresent()) {
        settle(id, Set.of(), writer);
      }
    }
    if (set.changes().stream().anyMatch(change -> change.type().equals(Agents.AGENT))) {
      onPicture(after, writer);
    }
  }

  /** Whether nothing is to be done, as far as this picture shows. */
  private static boolean isSettled(Picture picture, Resource network) {
    List<String> hosts = network.get(Dhcp.HOSTS);
    Set<UUID> served = ids(Dhcp.servedSubnets(picture, network.id()));
    if (hosts.isEmpty()) {
      return served.isEmpty()
          || !network.get(Networks.ADMIN_STATE_UP)
          || network.get(Dhcp.TAKEN_AWAY);
    }
    return hosts.stream()
        .allMatch(host -> {
          Optional<Resource> port = port(picture, network, host);
          return served.isEmpty()
              ? port.isEmpty()
              : port.filter(p -> kept(picture, p, served).equals(served)).isPresent();
        });
  }

  private static Set<UUID> ids(List<Resource> resources) {
    return resources.stream().map(Resource::id).collect(Collectors.toSet());
  }

  /** The subnets that a server's port is on, but those that come to every port. */
  private static Set<UUID> kept(View view, Resource port, Set<UUID> served) {
    return port.get(Ports.FIXED_IPS).stream()
        .map(FixedIp::subnet)
        .filter(id ->
            served.contains(id)
                || view.find(Subnets.SUBNET, id).filter(s -> !Subnets.isAutoAddress(s)).isPresent())
        .collect(Collectors.toSet());
  }

  private void settle(UUID id, Set<String> losing, Writer writer) {
    try {
      writer.write(tx -> {
        tx.find(Networks.NETWORK, id).ifPresent(network -> settle(tx, network, losing));
        return true;
      });
    } catch (ApiException e) {
      LOG.log(System.Logger.Level.WARNING, "network {0} gets no DHCP: {1}", id, e.getMessage());
    }
  }

  private void settle(Transaction tx, Resource network, Set<String> losing) {
    List<Resource> served = Dhcp.servedSubnets(tx, network.id());
    List<String> before = network.get(Dhcp.HOSTS);
    List<String> hosts = hosts(tx, network, before, losing, !served.isEmpty());
    if (!hosts.equals(before)) {
      tx.update(network, draft -> draft.set(Dhcp.HOSTS, hosts));
    }
    if (hosts.isEmpty()) {
      fallSilent(tx, network, before);
    } else if (served.isEmpty()) {
      fallSilent(tx, network, hosts);
    } else {
      hosts.forEach(host -> keepPort(tx, network, host, served));
    }
  }

  /**
   * The hosts that serve the network from now on. A host that follows another one takes over its
   * port, so that guests find their name server where it was. Where there is no other host, a lost
   * one keeps its networks: it may come back. Hosts are added only for something to serve.
   */
  private List<String> hosts(
      Transaction tx,
      Resource network,
      List<String> before,
      Set<String> losing,
      boolean hasServed) {
    List<String> hosts = new ArrayList<>();
    for (String host : before) {
      if (!losing.contains(host)) {
        hosts.add(host);
      }
    }
    for (String host : before) {
      if (losing.contains(host)) {
        Optional<String> next = least(tx, network, hosts, losing);
        if (next.isPresent() && hosts.size() < Math.max(wanted, before.size())) {
          takeOver(tx, network, host, next.get());
          hosts.add(next.get());
        } else if (scheduling.isReleased(tx, host) || next.isPresent() || !hosts.isEmpty()) {
          port(tx, network, host).ifPresent(tx::delete);
        } else {
          hosts.add(host);
        }
      }
    }
    boolean mayHaveMore =
        hasServed && network.get(Networks.ADMIN_STATE_UP) && !network.get(Dhcp.TAKEN_AWAY);
    while (mayHaveMore && hosts.size() < wanted) {
      Optional<String> next = least(tx, network, hosts, losing);
      if (next.isEmpty()) {
        break;
      }
      hosts.add(next.get());
    }
    return List.copyOf(hosts);
  }

  /** Among hosts of the zones asked for: of the zone that has the fewest servers of it already. */
  private Optional<String> least(
      Transaction tx, Resource network, List<String> taken, Set<String> losing) {
    List<String> zones = network.get(Dhcp.ZONE_HINTS);
    return scheduling.eligible(tx).stream()
        .filter(host -> !taken.contains(host) && !losing.contains(host))
        .filter(host -> zones.isEmpty() || Dhcp.zone(tx, host).filter(zones::contains).isPresent())
        .min(
            Comparator.<String>comparingLong(host -> inZoneOf(tx, host, taken))
                .thenComparingInt(host -> tx.list(Dhcp.HOSTS, host).size()));
  }

  private static long inZoneOf(Transaction tx, String host, List<String> taken) {
    Optional<String> zone = Dhcp.zone(tx, host);
    return taken.stream().filter(other -> Dhcp.zone(tx, other).equals(zone)).count();
  }

  private static void takeOver(Transaction tx, Resource network, String from, String to) {
    Optional<Resource> port = port(tx, network, from);
    if (port.isPresent() && tx.claim(claim(network, to), port.get().id())) {
      tx.release(claim(network, from));
      tx.update(
          port.get(),
          draft ->
              draft.set(Ports.DEVICE_ID, Dhcp.deviceId(to, network.id())).set(Binding.HOST_ID, to));
    }
  }

  /** Keeps the port of a server that is no more for the next: guests know its address. */
  static void reserve(Transaction tx, Resource network, String host) {
    port(tx, network, host)
        .ifPresent(port -> {
          tx.release(claim(network, host));
          tx.update(
              port, draft -> draft.set(Ports.DEVICE_ID, Dhcp.RESERVED).set(Binding.HOST_ID, ""));
        });
  }

  /** A port that was kept for the next server, or made for it by an operator. */
  private static Optional<Resource> reserved(Transaction tx, Resource network, String host) {
    return tx.list(Ports.DEVICE_ID, Dhcp.RESERVED).stream()
        .filter(port -> port.get(Ports.NETWORK_ID).equals(network.id()))
        .filter(port -> port.get(Ports.DEVICE_OWNER).equals(DeviceOwner.DHCP))
        .findFirst()
        .filter(port -> tx.claim(claim(network, host), port.id()))
        .map(port ->
            tx.update(
                port,
                draft ->
                    draft
                        .set(Ports.DEVICE_ID, Dhcp.deviceId(host, network.id()))
                        .set(Binding.HOST_ID, host)));
  }

  private static Claim claim(Resource network, String host) {
    return new Claim("dhcp", network.id().toString(), host);
  }

  private static void keepPort(
      Transaction tx, Resource network, String host, List<Resource> served) {
    List<UUID> wanted = served.stream().map(Resource::id).toList();
    Optional<Resource> present = port(tx, network, host).or(() -> reserved(tx, network, host));
    if (present.isPresent()) {
      Resource port = present.get();
      List<FixedIp> kept =
          port.get(Ports.FIXED_IPS).stream()
              .filter(ip -> wanted.contains(ip.subnet()))
              .collect(Collectors.toList());
      Set<UUID> has = kept.stream().map(FixedIp::subnet).collect(Collectors.toSet());
      wanted.stream()
          .filter(id -> !has.contains(id))
          .forEach(id -> kept.add(new FixedIp(id, null)));
      if (!kept(tx, port, Set.copyOf(wanted)).equals(Set.copyOf(wanted))) {
        tx.update(port, draft -> draft.set(Ports.FIXED_IPS, List.copyOf(kept)));
      }
      return;
    }
    Draft port = tx.draft(Ports.PORT, network.project());
    if (!tx.claim(claim(network, host), port.id())) {
      return;
    }
    port.set(Ports.NETWORK_ID, network.id())
        .set(Ports.DEVICE_OWNER, DeviceOwner.DHCP)
        .set(Ports.DEVICE_ID, Dhcp.deviceId(host, network.id()))
        .set(Binding.HOST_ID, host)
        .set(Ports.FIXED_IPS, wanted.stream().map(id -> new FixedIp(id, null)).toList());
    tx.create(port);
  }

  /** The port of a network's server on a host. */
  static Optional<Resource> port(View view, Resource network, String host) {
    return view.list(Ports.DEVICE_ID, Dhcp.deviceId(host, network.id())).stream()
        .filter(port -> port.get(Ports.DEVICE_OWNER).equals(DeviceOwner.DHCP))
        .findFirst();
  }

  /**
   * Nobody serves the network any more, or it has nothing to serve: servers' ports go, and no port
   * waits for what nobody will say.
   */
  static void fallSilent(Transaction tx, Resource network, List<String> hosts) {
    hosts.forEach(host -> port(tx, network, host).ifPresent(tx::delete));
    for (Resource port : List.copyOf(tx.list(Ports.NETWORK_ID, network.id()))) {
      if (port.get(Ports.PENDING).contains(Dhcp.PROVISIONING)) {
        tx.update(port, draft -> Ports.provide(draft, Dhcp.PROVISIONING));
      }
    }
  }
}
