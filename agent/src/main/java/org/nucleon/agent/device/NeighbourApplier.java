package org.nucleon.agent.device;

import java.io.IOException;
import java.net.InetAddress;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Collectors;
import org.nucleon.agent.api.Applier;
import org.nucleon.agent.api.Drift;
import org.nucleon.agent.api.Stage;
import org.nucleon.host.ethernet.MacAddress;
import org.nucleon.host.netlink.Link;
import org.nucleon.host.netlink.Neighbour;
import org.nucleon.host.netlink.Request;

/** Has the kernel forget who owned an address before. */
final class NeighbourApplier implements Applier<NeighbourItem> {

  private final Namespaces namespaces;
  private final Map<Object, NeighbourItem> told = new ConcurrentHashMap<>();

  NeighbourApplier(Namespaces namespaces) {
    this.namespaces = namespaces;
  }

  @Override
  public Class<NeighbourItem> items() {
    return NeighbourItem.class;
  }

  /** Flows to the new owner are there by then. */
  @Override
  public Stage stage() {
    return Stage.ROUTING;
  }

  /** What the kernel learns is its own matter. */
  @Override
  public void start(Drift<NeighbourItem> drift) {}

  @Override
  public Map<Object, NeighbourItem> read() {
    return Map.copyOf(told);
  }

  @Override
  public Map<Object, String> apply(
      Collection<NeighbourItem> put, Collection<NeighbourItem> remove) {
    remove.forEach(item -> told.remove(item.key()));
    Map<Object, String> reasons = new LinkedHashMap<>();
    put.stream()
        .collect(Collectors.groupingBy(NeighbourItem::namespace))
        .forEach((namespace, items) -> {
          try {
            Optional<HeldNamespace> held = namespaces.find(namespace);
            if (held.isPresent()) {
              forget(held.get(), items);
            }
            items.forEach(item -> told.put(item.key(), item));
          } catch (IOException e) {
            items.forEach(item -> reasons.put(item.key(), String.valueOf(e.getMessage())));
          }
        });
    return reasons;
  }

  private record Place(int link, InetAddress address) {}

  /** An entry that is gone by itself meanwhile is as good as forgotten. */
  private static void forget(HeldNamespace held, List<NeighbourItem> items) throws IOException {
    Map<String, Integer> links = new HashMap<>();
    for (Link link : held.netlink().links()) {
      links.put(link.name(), link.index());
    }
    Map<Place, MacAddress> owners = new HashMap<>();
    for (NeighbourItem item : items) {
      Integer link = links.get(item.device());
      if (link != null) {
        owners.put(new Place(link, item.address()), item.mac());
      }
    }
    List<Request> requests = new ArrayList<>();
    for (Neighbour known : held.netlink().neighbours()) {
      MacAddress owner = owners.get(new Place(known.link(), known.address()));
      if (owner != null && known.mac() != null && !known.mac().equals(owner)) {
        requests.add(new Request.DeleteNeighbour(known));
      }
    }
    held.netlink().attempt(requests);
  }

  @Override
  public void close() {
    told.clear();
  }
}
