package org.nucleon.agent.device;

import java.io.IOException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;
import org.nucleon.agent.api.Applier;
import org.nucleon.agent.api.ApplyException;
import org.nucleon.agent.api.Drift;
import org.nucleon.agent.api.Stage;
import org.nucleon.host.ethernet.ChecksumOffload;
import org.nucleon.host.ethernet.MacAddress;
import org.nucleon.host.namespace.Errno;
import org.nucleon.host.namespace.EventLoop;
import org.nucleon.host.namespace.NetworkNamespace;
import org.nucleon.host.netlink.Link;
import org.nucleon.host.netlink.Netlink;
import org.nucleon.host.netlink.NetlinkEvent;
import org.nucleon.host.netlink.NetlinkException;
import org.nucleon.host.netlink.Request;
import org.nucleon.host.netlink.RouteMonitor;
import org.nucleon.host.netlink.VethEnd;

/** Makes veth pairs between the agent's own namespace, where the switch is, and those of ours. */
final class DeviceApplier implements Applier<DeviceItem> {
  private static final String MARK = "nucleon ";
  private static final MacAddress NO_MAC = new MacAddress(0);

  private final Namespaces namespaces;
  private final EventLoop loop;
  private final NetworkNamespace home;
  private final Netlink netlink;
  private @Nullable RouteMonitor monitor;

  /** Both ends of the devices that are to be there: what contradicts it is not our own change. */
  private final Map<End, Link> expected = new ConcurrentHashMap<>();

  /** One end; the agent's own namespace has the empty name. */
  private record End(String namespace, int index) {}

  /** Works from the namespace that the process was started in. */
  DeviceApplier(Namespaces namespaces, EventLoop loop) throws IOException {
    this.namespaces = namespaces;
    this.loop = loop;
    this.home = NetworkNamespace.current();
    this.netlink = Netlink.open(home);
  }

  @Override
  public Class<DeviceItem> items() {
    return DeviceItem.class;
  }

  @Override
  public Stage stage() {
    return Stage.LINKS;
  }

  @Override
  public void start(Drift<DeviceItem> drift) throws ApplyException {
    namespaces.listen(
        new Namespaces.Listener() {
          @Override
          public void happened(String namespace, NetlinkEvent event) {
            judge(namespace, event, drift);
          }

          @Override
          public void lost(String namespace) {
            if (expected.keySet().stream().anyMatch(end -> end.namespace().equals(namespace))) {
              drift.anywhere();
            }
          }
        });
    try {
      monitor =
          RouteMonitor.watch(
              loop, home, EnumSet.of(RouteMonitor.Group.LINK), event -> judge("", event, drift));
    } catch (IOException e) {
      throw new ApplyException("watch devices", e);
    }
  }

  private void judge(String namespace, NetlinkEvent event, Drift<DeviceItem> drift) {
    boolean drifted =
        switch (event) {
          case NetlinkEvent.Overrun() -> true;
          case NetlinkEvent.Gone(Link link) ->
              expected.containsKey(new End(namespace, link.index()));
          case NetlinkEvent.Present(Link link) -> {
            Link known = expected.get(new End(namespace, link.index()));
            yield known != null && !isLike(known, link);
          }
          default -> false;
        };
    if (drifted) {
      drift.anywhere();
    }
  }

  private static boolean isLike(Link known, Link link) {
    return known.name().equals(link.name())
        && Objects.equals(known.mac(), link.mac())
        && known.mtu() == link.mtu()
        && known.up() == link.up()
        && Objects.equals(known.alias(), link.alias());
  }

  @Override
  public Map<Object, DeviceItem> read() throws ApplyException {
    try {
      Map<Object, DeviceItem> found = new LinkedHashMap<>();
      expected.clear();
      for (Link outer : netlink.links()) {
        String[] words = Objects.requireNonNullElse(outer.alias(), "").split(" ", -1);
        if (words.length == 3 && isOurs(outer)) {
          DeviceItem item = read(outer, words[1], words[2]);
          found.put(item.key(), item);
        }
      }
      return found;
    } catch (IOException e) {
      throw new ApplyException("read devices", e);
    }
  }

  private DeviceItem read(Link outer, String namespace, String name) throws IOException {
    Optional<HeldNamespace> held = namespaces.find(namespace);
    Optional<Link> inner = held.isEmpty() ? Optional.empty() : held.get().netlink().link(name);
    if (inner.isEmpty() || inner.get().peerIndex() != outer.index()) {
      return new DeviceItem(namespace, name, outer.name(), NO_MAC, outer.mtu(), Ipv6.OFF, false);
    }
    Link end = inner.get();
    boolean whole =
        outer.up()
            && end.up()
            && outer.mtu() == end.mtu()
            && Ipv6Settings.isOff(home, outer.name())
            && !ChecksumOffload.isOn(home, outer.name())
            && !ChecksumOffload.isOn(held.get().namespace(), name);
    expect(namespace, outer, end);
    MacAddress mac = Objects.requireNonNullElse(end.mac(), NO_MAC);
    Ipv6 ipv6 = Ipv6Settings.read(held.get().namespace(), name);
    return new DeviceItem(namespace, name, outer.name(), mac, end.mtu(), ipv6, whole);
  }

  private void expect(String namespace, Link outer, Link inner) {
    expected.put(new End("", outer.index()), outer);
    expected.put(new End(namespace, inner.index()), inner);
  }

  @Override
  public Map<Object, String> apply(Collection<DeviceItem> put, Collection<DeviceItem> remove) {
    Map<Object, String> reasons = new LinkedHashMap<>();
    for (DeviceItem item : remove) {
      try {
        remove(item);
      } catch (IOException e) {
        reasons.put(item.key(), e.getMessage());
      }
    }
    for (DeviceItem item : put) {
      try {
        put(item);
      } catch (IOException e) {
        reasons.put(item.key(), e.getMessage());
      }
    }
    return reasons;
  }

  private void remove(DeviceItem item) throws IOException {
    Optional<Link> outer = netlink.link(item.outerName()).filter(DeviceApplier::isOurs);
    if (outer.isPresent()) {
      forget(item);
      delete(netlink, outer.get());
    }
  }

  /** One whose namespace is coming to its end may go by itself meanwhile. */
  private static void delete(Netlink netlink, Link link) throws IOException {
    try {
      netlink.apply(new Request.DeleteLink(link.index()));
    } catch (NetlinkException e) {
      if (!e.errno().equals(Errno.ENODEV)) {
        throw e;
      }
    }
  }

  private void forget(DeviceItem item) {
    expected
        .entrySet()
        .removeIf(entry ->
            entry.getValue().name().equals(item.outerName())
                || entry.getKey().namespace().equals(item.namespace())
                    && entry.getValue().name().equals(item.name()));
  }

  private static boolean isOurs(Link outer) {
    return outer.alias() != null && outer.alias().startsWith(MARK);
  }

  private void put(DeviceItem item) throws IOException {
    HeldNamespace held =
        namespaces
            .find(item.namespace())
            .orElseThrow(() -> new IOException("there is no namespace " + item.namespace()));
    forget(item);
    Optional<Link> outer = netlink.link(item.outerName());
    Optional<Link> inner = held.netlink().link(item.name());
    if (outer.isEmpty()
        || inner.isEmpty()
        || inner.get().peerIndex() != outer.get().index()
        || !"veth".equals(outer.get().kind())) {
      makeRoom(item, held, inner);
      netlink.apply(
          new Request.CreateVeth(
              new VethEnd(item.outerName(), null, item.mtu(), null),
              new VethEnd(item.name(), item.mac(), item.mtu(), held.namespace())));
      outer = netlink.link(item.outerName());
      inner = held.netlink().link(item.name());
    }
    if (outer.isEmpty() || inner.isEmpty()) {
      throw new IOException("device " + item.name() + " was removed at once");
    }
    complete(item, held, outer.get(), inner.get());
    outer = netlink.link(item.outerName());
    inner = held.netlink().link(item.name());
    if (outer.isPresent() && inner.isPresent()) {
      expect(item.namespace(), outer.get(), inner.get());
    }
  }

  /** What is in a namespace of ours is ours; what is in the agent's own is so only by its mark. */
  private void makeRoom(DeviceItem item, HeldNamespace held, Optional<Link> inner)
      throws IOException {
    if (inner.isPresent()) {
      delete(held.netlink(), inner.get());
    }
    Optional<Link> outer = netlink.link(item.outerName());
    if (outer.isPresent()) {
      if (!isOurs(outer.get())) {
        throw new IOException("there is another device " + item.outerName() + ", not of ours");
      }
      delete(netlink, outer.get());
    }
  }

  /** The alias comes first: from then on a new agent finds the pair by itself. */
  private void complete(DeviceItem item, HeldNamespace held, Link outer, Link inner)
      throws IOException {
    String alias = MARK + item.namespace() + " " + item.name();
    if (!alias.equals(outer.alias())) {
      netlink.apply(new Request.SetAlias(outer.index(), alias));
    }
    if (!Ipv6Settings.isOff(home, item.outerName())) {
      Ipv6Settings.write(home, item.outerName(), Ipv6.OFF);
    }
    if (Ipv6Settings.read(held.namespace(), item.name()) != item.ipv6()) {
      Ipv6Settings.write(held.namespace(), item.name(), item.ipv6());
    }
    if (ChecksumOffload.isOn(home, item.outerName())) {
      ChecksumOffload.set(home, item.outerName(), false);
    }
    if (ChecksumOffload.isOn(held.namespace(), item.name())) {
      ChecksumOffload.set(held.namespace(), item.name(), false);
    }
    List<Request> outside = new ArrayList<>();
    List<Request> inside = new ArrayList<>();
    if (outer.mtu() != item.mtu()) {
      outside.add(new Request.SetMtu(outer.index(), item.mtu()));
    }
    if (inner.mtu() != item.mtu()) {
      inside.add(new Request.SetMtu(inner.index(), item.mtu()));
    }
    if (!item.mac().equals(inner.mac())) {
      inside.add(new Request.SetMac(inner.index(), item.mac()));
    }
    if (!inner.up()) {
      inside.add(new Request.SetUp(inner.index(), true));
    }
    if (!outer.up()) {
      outside.add(new Request.SetUp(outer.index(), true));
    }
    held.netlink().apply(inside);
    netlink.apply(outside);
  }

  @Override
  public void close() {
    try {
      if (monitor != null) {
        monitor.close();
      }
      netlink.close();
      home.close();
    } catch (IOException e) {
      System.getLogger("nucleon.device").log(System.Logger.Level.WARNING, "close devices", e);
    }
  }
}
