package org.nucleon.agent.device;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.nucleon.agent.api.Applier;
import org.nucleon.agent.api.ApplyException;
import org.nucleon.agent.api.Drift;
import org.nucleon.agent.api.Stage;
import org.nucleon.host.ethernet.Announcement;
import org.nucleon.host.ethernet.IpPrefix;
import org.nucleon.host.netlink.Address;
import org.nucleon.host.netlink.Link;
import org.nucleon.host.netlink.NetlinkEvent;
import org.nucleon.host.netlink.NetlinkException;
import org.nucleon.host.netlink.Request;

/** Sets addresses in namespaces and announces new ones to their neighbours. */
final class AddressApplier implements Applier<AddressItem> {
  private static final System.Logger LOG = System.getLogger("nucleon.device");

  private static final Duration ANNOUNCE_INTERVAL = Duration.ofSeconds(2);

  private final Namespaces namespaces;

  /** The addresses that are to be there: what contradicts it is not our own change. */
  private final Set<Known> expected = ConcurrentHashMap.newKeySet();

  private record Known(String namespace, int link, IpPrefix prefix) {}

  AddressApplier(Namespaces namespaces) {
    this.namespaces = namespaces;
  }

  @Override
  public Class<AddressItem> items() {
    return AddressItem.class;
  }

  @Override
  public Stage stage() {
    return Stage.ROUTING;
  }

  @Override
  public void start(Drift<AddressItem> drift) {
    namespaces.listen(
        new Namespaces.Listener() {
          @Override
          public void happened(String namespace, NetlinkEvent event) {
            boolean drifted =
                switch (event) {
                  case NetlinkEvent.Overrun() -> true;
                  case NetlinkEvent.Gone(Address address) -> isExpected(namespace, address);
                  case NetlinkEvent.Present(Address address) ->
                      isPlanned(address) && !isExpected(namespace, address);
                  default -> false;
                };
            if (drifted) {
              drift.anywhere();
            }
          }

          @Override
          public void lost(String namespace) {
            if (expected.stream().anyMatch(known -> known.namespace().equals(namespace))) {
              drift.anywhere();
            }
          }
        });
  }

  /**
   * The kernel makes link-local addresses itself, each with the prefix of its link, and those that
   * routers advertise expire.
   */
  private static boolean isPlanned(Address address) {
    if (address.prefix().address().isLoopbackAddress()) {
      return false;
    }
    return address.prefix().isIpv4()
        || address.flags().contains(Address.Flag.PERMANENT)
            && (!address.prefix().address().isLinkLocalAddress()
                || address.prefix().length() == 128);
  }

  private boolean isExpected(String namespace, Address address) {
    return expected.contains(new Known(namespace, address.link(), address.prefix()));
  }

  @Override
  public Map<Object, AddressItem> read() throws ApplyException {
    try {
      Map<Object, AddressItem> found = new LinkedHashMap<>();
      expected.clear();
      for (String name : namespaces.names()) {
        Optional<HeldNamespace> held = namespaces.find(name);
        if (held.isPresent()) {
          Map<Integer, String> devices = devices(held.get());
          for (Address address : held.get().netlink().addresses()) {
            String device = devices.get(address.link());
            if (device != null && isPlanned(address)) {
              AddressItem item = new AddressItem(name, device, address.prefix());
              found.put(item.key(), item);
              expected.add(new Known(name, address.link(), address.prefix()));
            }
          }
        }
      }
      return found;
    } catch (IOException e) {
      throw new ApplyException("read addresses", e);
    }
  }

  private static Map<Integer, String> devices(HeldNamespace held) throws IOException {
    Map<Integer, String> names = new HashMap<>();
    for (Link link : held.netlink().links()) {
      names.put(link.index(), link.name());
    }
    return names;
  }

  /** Adds before it removes, so that a network that stays is reachable all the time. */
  @Override
  public Map<Object, String> apply(Collection<AddressItem> put, Collection<AddressItem> remove) {
    Map<Object, String> reasons = new LinkedHashMap<>();
    Map<String, List<AddressItem>> added = byNamespace(put);
    Map<String, List<AddressItem>> removed = byNamespace(remove);
    added.forEach((namespace, items) -> apply(namespace, items, true, reasons));
    removed.forEach((namespace, items) -> apply(namespace, items, false, reasons));
    return reasons;
  }

  private static Map<String, List<AddressItem>> byNamespace(Collection<AddressItem> items) {
    Map<String, List<AddressItem>> grouped = new LinkedHashMap<>();
    for (AddressItem item : items) {
      grouped.computeIfAbsent(item.namespace(), n -> new ArrayList<>()).add(item);
    }
    return grouped;
  }

  private void apply(
      String namespace, List<AddressItem> items, boolean add, Map<Object, String> reasons) {
    try {
      Optional<HeldNamespace> held = namespaces.find(namespace);
      Map<String, Link> links = new HashMap<>();
      if (held.isPresent()) {
        held.get().netlink().links().forEach(link -> links.put(link.name(), link));
      }
      List<AddressItem> asked = new ArrayList<>();
      List<Request> requests = new ArrayList<>();
      for (AddressItem item : items) {
        Link link = links.get(item.device());
        if (link != null) {
          asked.add(item);
          requests.add(request(namespace, link.index(), item.prefix(), add));
        } else if (add) {
          reasons.put(item.key(), "there is no device " + item.device() + " in " + namespace);
        }
      }
      if (held.isPresent()) {
        Map<Integer, NetlinkException> refusals = held.get().netlink().attempt(requests);
        if (add) {
          refusals.forEach((place, why) -> reasons.put(asked.get(place).key(), why.getMessage()));
          announce(held.get(), asked, links);
          announceAgain(namespace, asked, links);
        }
      }
    } catch (IOException e) {
      items.forEach(item -> reasons.put(item.key(), String.valueOf(e.getMessage())));
    }
  }

  private Request request(String namespace, int link, IpPrefix prefix, boolean add) {
    Known known = new Known(namespace, link, prefix);
    if (add) {
      expected.add(known);
      return new Request.PutAddress(Address.of(link, prefix));
    }
    expected.remove(known);
    return new Request.DeleteAddress(Address.of(link, prefix));
  }

  /**
   * RFC 5227, 2.3: twice, two seconds apart. A device that has just come up may drop the first one
   * before the kernel has noticed.
   */
  private void announceAgain(String namespace, List<AddressItem> items, Map<String, Link> links) {
    Thread.ofVirtual()
        .name("announce")
        .start(() -> {
          try {
            Thread.sleep(ANNOUNCE_INTERVAL);
            List<AddressItem> left = items.stream().filter(item -> isStill(item, links)).toList();
            // the one that was there may have been replaced meanwhile
            namespaces.find(namespace).ifPresent(held -> announce(held, left, links));
          } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
          } catch (IOException e) {
            LOG.log(System.Logger.Level.WARNING, "addresses in {0}: {1}", namespace, e);
          }
        });
  }

  private boolean isStill(AddressItem item, Map<String, Link> links) {
    Link link = links.get(item.device());
    return link != null
        && expected.contains(new Known(item.namespace(), link.index(), item.prefix()));
  }

  /** Whoever had the address before, its neighbours are to forget. */
  private static void announce(
      HeldNamespace held, List<AddressItem> items, Map<String, Link> links) {
    Map<Link, List<Announcement>> announcements = new LinkedHashMap<>();
    for (AddressItem item : items) {
      Link link = links.get(item.device());
      if (link != null && link.mac() != null && !link.loopback()) {
        announcements
            .computeIfAbsent(link, l -> new ArrayList<>())
            .add(new Announcement(item.prefix().address(), link.mac()));
      }
    }
    announcements.forEach((link, list) -> {
      try {
        Announcement.send(held.namespace(), link.index(), list);
      } catch (IOException e) {
        LOG.log(System.Logger.Level.WARNING, "addresses of {0}: {1}", link.name(), e);
      }
    });
  }

  @Override
  public void close() {
    expected.clear();
  }
}
