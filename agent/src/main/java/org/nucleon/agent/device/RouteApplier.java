package org.nucleon.agent.device;

import java.io.IOException;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;
import org.nucleon.agent.api.Applier;
import org.nucleon.agent.api.ApplyException;
import org.nucleon.agent.api.Drift;
import org.nucleon.agent.api.Stage;
import org.nucleon.agent.device.RouteItem.Hop;
import org.nucleon.host.ethernet.IpPrefix;
import org.nucleon.host.namespace.Errno;
import org.nucleon.host.netlink.Address;
import org.nucleon.host.netlink.Link;
import org.nucleon.host.netlink.NetlinkEvent;
import org.nucleon.host.netlink.NetlinkException;
import org.nucleon.host.netlink.Request;
import org.nucleon.host.netlink.Route;
import org.nucleon.host.netlink.Scope;

/** Sets routes in namespaces. */
final class RouteApplier implements Applier<RouteItem> {
  private static final int KERNEL = 2;

  /** RT_SCOPE_NOWHERE: in a removal, whatever the scope is. */
  private static final Scope ANY_SCOPE = new Scope(255);

  private final Namespaces namespaces;

  /** The routes that are to be there: what contradicts it is not our own change. */
  private final Set<RouteItem.Key> expected = ConcurrentHashMap.newKeySet();

  RouteApplier(Namespaces namespaces) {
    this.namespaces = namespaces;
  }

  @Override
  public Class<RouteItem> items() {
    return RouteItem.class;
  }

  @Override
  public Stage stage() {
    return Stage.ROUTING;
  }

  @Override
  public void start(Drift<RouteItem> drift) {
    namespaces.listen(
        new Namespaces.Listener() {
          @Override
          public void happened(String namespace, NetlinkEvent event) {
            if (isDrift(namespace, event)) {
              drift.anywhere();
            }
          }

          @Override
          public void lost(String namespace) {
            if (hasAny(namespace)) {
              drift.anywhere();
            }
          }
        });
  }

  /** With an address or a link IPv4 routes vanish as well, of which the kernel says nothing. */
  private boolean isDrift(String namespace, NetlinkEvent event) {
    return switch (event) {
      case NetlinkEvent.Overrun() -> true;
      case NetlinkEvent.Gone(Route route) ->
          isOurs(route) && expected.contains(key(namespace, route));
      case NetlinkEvent.Present(Route route) ->
          route.table() == Route.MAIN && isOurs(route) != expected.contains(key(namespace, route));
      case NetlinkEvent.Gone(Address _) -> hasAny(namespace);
      case NetlinkEvent.Present(Link link) -> !link.up() && hasAny(namespace);
      default -> false;
    };
  }

  private boolean hasAny(String namespace) {
    return expected.stream().anyMatch(key -> key.namespace().equals(namespace));
  }

  private static RouteItem.Key key(String namespace, Route route) {
    return new RouteItem.Key(namespace, route.destination());
  }

  private static boolean isOurs(Route route) {
    return route.table() == Route.MAIN && route.protocol() == RouteItem.PROTOCOL;
  }

  @Override
  public Map<Object, RouteItem> read() throws ApplyException {
    try {
      Map<Object, RouteItem> found = new LinkedHashMap<>();
      expected.clear();
      for (String name : namespaces.names()) {
        Optional<HeldNamespace> held = namespaces.find(name);
        if (held.isPresent()) {
          Map<Integer, String> devices = new HashMap<>();
          held.get().netlink().links().forEach(link -> devices.put(link.index(), link.name()));
          for (Route route : held.get().netlink().routes()) {
            if (isOurs(route)) {
              RouteItem item = new RouteItem(name, route.destination(), hop(route, devices));
              found.put(item.key(), item);
              expected.add(item.key());
            }
          }
        }
      }
      return found;
    } catch (IOException e) {
      throw new ApplyException("read routes", e);
    }
  }

  private static Hop hop(Route route, Map<Integer, String> devices) {
    if (!route.paths().isEmpty()) {
      return new Hop.Gateways(route.paths());
    }
    InetAddress gateway = route.via();
    String device = devices.getOrDefault(route.link(), "");
    if (gateway == null) {
      return new Hop.OnLink(device);
    }
    return gateway.isLinkLocalAddress() && gateway instanceof Inet6Address
        ? new Hop.LinkLocalGateway(gateway, device)
        : new Hop.Gateway(gateway);
  }

  @Override
  public Map<Object, String> apply(Collection<RouteItem> put, Collection<RouteItem> remove) {
    Map<Object, String> reasons = new LinkedHashMap<>();
    byNamespace(remove).forEach((namespace, items) -> remove(namespace, items, reasons));
    byNamespace(put).forEach((namespace, items) -> put(namespace, items, reasons));
    return reasons;
  }

  /** Routes on links come first: gateways may lie behind them. */
  private static Map<String, List<RouteItem>> byNamespace(Collection<RouteItem> items) {
    Map<String, List<RouteItem>> grouped = new LinkedHashMap<>();
    items.stream()
        .sorted(Comparator.comparing(item -> !(item.hop() instanceof Hop.OnLink)))
        .forEach(
            item -> grouped.computeIfAbsent(item.namespace(), n -> new ArrayList<>()).add(item));
    return grouped;
  }

  private void remove(String namespace, List<RouteItem> items, Map<Object, String> reasons) {
    items.forEach(item -> expected.remove(item.key()));
    try {
      Optional<HeldNamespace> held = namespaces.find(namespace);
      if (held.isEmpty()) {
        return;
      }
      List<Request> requests = new ArrayList<>();
      for (RouteItem item : items) {
        requests.add(new Request.DeleteRoute(wildcard(item.destination())));
      }
      held.get()
          .netlink()
          .attempt(requests)
          .forEach((place, why) -> {
            if (!why.errno().equals(Errno.ESRCH)) {
              reasons.put(items.get(place).key(), why.getMessage());
            }
          });
    } catch (IOException e) {
      items.forEach(item -> reasons.put(item.key(), String.valueOf(e.getMessage())));
    }
  }

  /** Ours to that destination, whatever it leads over. */
  private static Route wildcard(IpPrefix destination) {
    return new Route(
        Route.Type.UNICAST,
        Route.MAIN,
        RouteItem.PROTOCOL,
        destination,
        null,
        0,
        null,
        ANY_SCOPE,
        0);
  }

  private void put(String namespace, List<RouteItem> items, Map<Object, String> reasons) {
    try {
      HeldNamespace held =
          namespaces
              .find(namespace)
              .orElseThrow(() -> new IOException("there is no namespace " + namespace));
      Map<String, Integer> devices = new HashMap<>();
      held.netlink().links().forEach(link -> devices.put(link.name(), link.index()));
      Set<IpPrefix> connected = new HashSet<>();
      for (Route route : held.netlink().routes()) {
        if (route.table() == Route.MAIN && route.protocol() == KERNEL) {
          connected.add(route.destination());
        }
      }
      List<RouteItem> asked = new ArrayList<>();
      List<Request> requests = new ArrayList<>();
      for (RouteItem item : items) {
        Route route = route(item, devices);
        if (route == null) {
          reasons.put(item.key(), "there is no such device in " + namespace);
        } else if (connected.contains(item.destination())) {
          reasons.put(item.key(), item.destination() + " is a network of " + namespace + " itself");
        } else {
          expected.add(item.key());
          asked.add(item);
          requests.add(new Request.PutRoute(route));
        }
      }
      Map<Integer, NetlinkException> refusals = held.netlink().attempt(requests);
      refusals.forEach((place, why) -> reasons.put(asked.get(place).key(), why.getMessage()));
    } catch (IOException e) {
      items.forEach(item -> reasons.put(item.key(), String.valueOf(e.getMessage())));
    }
  }

  private static @Nullable Route route(RouteItem item, Map<String, Integer> devices) {
    return switch (item.hop()) {
      case Hop.Gateway(var gateway) ->
          Route.via(RouteItem.PROTOCOL, item.destination(), gateway, 0);
      case Hop.Gateways(var gateways) ->
          Route.over(RouteItem.PROTOCOL, item.destination(), gateways);
      case Hop.LinkLocalGateway(var gateway, String device) -> {
        Integer index = devices.get(device);
        yield index == null
            ? null
            : Route.via(RouteItem.PROTOCOL, item.destination(), gateway, index);
      }
      case Hop.OnLink(String device) -> {
        Integer index = devices.get(device);
        yield index == null ? null : Route.onLink(RouteItem.PROTOCOL, item.destination(), index);
      }
    };
  }

  @Override
  public void close() {
    expected.clear();
  }
}
