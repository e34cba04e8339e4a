package org.nucleon.dhcp.server;

import java.util.Comparator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import org.nucleon.core.ApiException;
import org.nucleon.core.feature.BackgroundWork;
import org.nucleon.core.resource.Draft;
import org.nucleon.core.resource.Resource;
import org.nucleon.core.state.Change;
import org.nucleon.core.state.ChangeSet;
import org.nucleon.core.state.Claim;
import org.nucleon.core.state.Picture;
import org.nucleon.core.transaction.Transaction;
import org.nucleon.dhcp.api.Dhcp;
import org.nucleon.network.api.Binding;
import org.nucleon.network.api.DeviceOwner;
import org.nucleon.network.api.FixedIp;
import org.nucleon.network.api.Networks;
import org.nucleon.network.api.Ports;
import org.nucleon.network.api.Subnets;

/**
 * Places each network with a served subnet on the live host with the fewest, where it stays, and
 * keeps the server's port there: one address in each served subnet.
 */
final class DhcpScheduler implements BackgroundWork {

  private static final System.Logger LOG = System.getLogger("nucleon.dhcp");

  private final Supplier<Set<String>> liveHosts;

  DhcpScheduler(Supplier<Set<String>> liveHosts) {
    this.liveHosts = liveHosts;
  }

  @Override
  public String name() {
    return "dhcp-scheduler";
  }

  @Override
  public void onPicture(Picture picture, Writer writer) {
    for (Resource network : picture.all(Networks.NETWORK)) {
      if (!isSettled(picture, network)) {
        settle(network.id(), writer);
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
        settle(id, writer);
      }
    }
  }

  /** Whether nothing is to be done, as far as this picture shows. */
  private static boolean isSettled(Picture picture, Resource network) {
    List<String> hosts = network.get(Dhcp.HOSTS);
    Set<UUID> served = ids(Dhcp.servedSubnets(picture, network.id()));
    if (hosts.isEmpty()) {
      return served.isEmpty() || !network.get(Networks.ADMIN_STATE_UP);
    }
    return !served.isEmpty()
        && hosts.stream()
            .allMatch(host ->
                picture.list(Ports.DEVICE_ID, Dhcp.deviceId(host, network.id())).stream()
                    .anyMatch(port -> subnets(port).equals(served)));
  }

  private static Set<UUID> ids(List<Resource> resources) {
    return resources.stream().map(Resource::id).collect(Collectors.toSet());
  }

  private static Set<UUID> subnets(Resource port) {
    return port.get(Ports.FIXED_IPS).stream().map(FixedIp::subnet).collect(Collectors.toSet());
  }

  private void settle(UUID id, Writer writer) {
    Set<String> hosts = liveHosts.get();
    try {
      writer.write(tx -> {
        tx.find(Networks.NETWORK, id).ifPresent(network -> settle(tx, network, hosts));
        return true;
      });
    } catch (ApiException e) {
      LOG.log(System.Logger.Level.WARNING, "network {0} gets no DHCP: {1}", id, e.getMessage());
    }
  }

  private static void settle(Transaction tx, Resource network, Set<String> live) {
    List<Resource> served = Dhcp.servedSubnets(tx, network.id());
    List<String> hosts = network.get(Dhcp.HOSTS);
    if (served.isEmpty()) {
      withdraw(tx, network, hosts);
      return;
    }
    if (hosts.isEmpty()) {
      Optional<String> least =
          network.get(Networks.ADMIN_STATE_UP) ? least(tx, live) : Optional.empty();
      if (least.isEmpty()) {
        return;
      }
      hosts = List.of(least.get());
      List<String> chosen = hosts;
      tx.update(network, draft -> draft.set(Dhcp.HOSTS, chosen));
    }
    hosts.forEach(host -> keepPort(tx, network, host, served));
  }

  private static Optional<String> least(Transaction tx, Set<String> live) {
    return live.stream()
        .min(
            Comparator.comparingInt((String host) -> tx.list(Dhcp.HOSTS, host).size())
                .thenComparing(Comparator.naturalOrder()));
  }

  private static void keepPort(
      Transaction tx, Resource network, String host, List<Resource> served) {
    List<UUID> wanted = served.stream().map(Resource::id).toList();
    Optional<Resource> present = port(tx, network, host);
    if (present.isPresent()) {
      Resource port = present.get();
      List<FixedIp> kept =
          port.get(Ports.FIXED_IPS).stream()
              .filter(ip -> wanted.contains(ip.subnet()))
              .collect(Collectors.toList());
      Set<UUID> has = subnets(port);
      wanted.stream()
          .filter(id -> !has.contains(id))
          .forEach(id -> kept.add(new FixedIp(id, null)));
      if (!kept.equals(port.get(Ports.FIXED_IPS))) {
        tx.update(port, draft -> draft.set(Ports.FIXED_IPS, List.copyOf(kept)));
      }
      return;
    }
    Draft port = tx.draft(Ports.PORT, network.project());
    if (!tx.claim(new Claim("dhcp", network.id().toString(), host), port.id())) {
      return;
    }
    port.set(Ports.NETWORK_ID, network.id())
        .set(Ports.DEVICE_OWNER, DeviceOwner.DHCP)
        .set(Ports.DEVICE_ID, Dhcp.deviceId(host, network.id()))
        .set(Binding.HOST_ID, host)
        .set(Ports.FIXED_IPS, wanted.stream().map(id -> new FixedIp(id, null)).toList());
    tx.create(port);
  }

  private static Optional<Resource> port(Transaction tx, Resource network, String host) {
    return tx.list(Ports.DEVICE_ID, Dhcp.deviceId(host, network.id())).stream()
        .filter(port -> port.get(Ports.DEVICE_OWNER).equals(DeviceOwner.DHCP))
        .findFirst();
  }

  /** Nobody is left to say that it knows the ports that wait for it. */
  private static void withdraw(Transaction tx, Resource network, List<String> hosts) {
    if (hosts.isEmpty()) {
      return;
    }
    hosts.forEach(host -> port(tx, network, host).ifPresent(tx::delete));
    tx.update(network, draft -> draft.set(Dhcp.HOSTS, List.of()));
    for (Resource port : List.copyOf(tx.list(Ports.NETWORK_ID, network.id()))) {
      if (port.get(Ports.PENDING).contains(Dhcp.PROVISIONING)) {
        tx.update(port, draft -> Ports.provide(draft, Dhcp.PROVISIONING));
      }
    }
  }
}
