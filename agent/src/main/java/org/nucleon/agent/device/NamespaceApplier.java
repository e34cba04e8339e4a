package org.nucleon.agent.device;

import java.io.IOException;
import java.nio.file.NoSuchFileException;
import java.util.Collection;
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
import org.nucleon.host.namespace.NetworkNamespace;

/** Makes namespaces. */
final class NamespaceApplier implements Applier<NamespaceItem> {
  private static final String FORWARDING = "net/ipv4/ip_forward";
  private static final String FORWARDING6 = "net/ipv6/conf/all/forwarding";

  /** Set before there are devices, which inherit the defaults. */
  private static final Map<String, String> ALWAYS =
      Map.of(
          // A router that tells guests of shorter ways leads them past its rules.
          "net/ipv4/conf/all/send_redirects", "0",
          "net/ipv4/conf/default/send_redirects", "0",
          // Else the first address of a network takes the others with it when it goes.
          "net/ipv4/conf/all/promote_secondaries", "1",
          "net/ipv4/conf/default/promote_secondaries", "1",
          // A link is told only of the addresses on it: not of those on others, or on lo.
          "net/ipv4/conf/all/arp_ignore", "1",
          "net/ipv4/conf/all/arp_announce", "2",
          // What has no IPv6 address planned must not be reached by link-local ones.
          "net/ipv6/conf/all/disable_ipv6", "1",
          "net/ipv6/conf/default/disable_ipv6", "1");

  private final Namespaces namespaces;

  /** Those that are to be there: what contradicts it is not our own change. */
  private final Set<String> expected = ConcurrentHashMap.newKeySet();

  NamespaceApplier(Namespaces namespaces) {
    this.namespaces = namespaces;
  }

  @Override
  public Class<NamespaceItem> items() {
    return NamespaceItem.class;
  }

  @Override
  public Stage stage() {
    return Stage.LINKS;
  }

  @Override
  public void start(Drift<NamespaceItem> drift) throws ApplyException {
    namespaces.listen(
        new Namespaces.Listener() {
          @Override
          public void named(String namespace) {
            if (expected.contains(namespace) != NetworkNamespace.exists(namespace)) {
              drift.anywhere();
            }
          }
        });
    try {
      namespaces.watchNames();
    } catch (IOException e) {
      throw new ApplyException("watch namespaces", e);
    }
  }

  @Override
  public Map<Object, NamespaceItem> read() throws ApplyException {
    try {
      Map<Object, NamespaceItem> found = new LinkedHashMap<>();
      for (String name : namespaces.names()) {
        Optional<HeldNamespace> held = namespaces.find(name);
        if (held.isPresent()) {
          NamespaceItem item = read(name, held.get().namespace());
          found.put(item.key(), item);
        }
      }
      expected.clear();
      found.values().forEach(item -> expected.add(item.name()));
      return found;
    } catch (IOException e) {
      throw new ApplyException("read namespaces", e);
    }
  }

  private static NamespaceItem read(String name, NetworkNamespace namespace) throws IOException {
    return namespace.call(() -> {
      boolean whole = true;
      for (Map.Entry<String, String> parameter : ALWAYS.entrySet()) {
        whole &= isSet(namespace, parameter.getKey(), parameter.getValue());
      }
      boolean forwarding = isSet(namespace, FORWARDING, "1");
      whole &= isSet(namespace, FORWARDING6, forwarding ? "1" : "0");
      return new NamespaceItem(name, forwarding, whole);
    });
  }

  /** A kernel without IPv6 has nothing to be turned off. */
  private static boolean isSet(NetworkNamespace namespace, String parameter, String value)
      throws IOException {
    try {
      return namespace.sysctl(parameter).equals(value);
    } catch (NoSuchFileException e) {
      return parameter.startsWith("net/ipv6/");
    }
  }

  @Override
  public Map<Object, String> apply(
      Collection<NamespaceItem> put, Collection<NamespaceItem> remove) {
    Map<Object, String> reasons = new LinkedHashMap<>();
    for (NamespaceItem item : remove) {
      try {
        expected.remove(item.name());
        namespaces.delete(item.name());
      } catch (IOException e) {
        reasons.put(item.key(), e.getMessage());
      }
    }
    for (NamespaceItem item : put) {
      try {
        expected.add(item.name());
        set(namespaces.findOrCreate(item.name()).namespace(), item);
      } catch (IOException e) {
        reasons.put(item.key(), e.getMessage());
      }
    }
    return reasons;
  }

  private static void set(NetworkNamespace namespace, NamespaceItem item) throws IOException {
    namespace.call(() -> {
      for (Map.Entry<String, String> parameter : ALWAYS.entrySet()) {
        if (!isSet(namespace, parameter.getKey(), parameter.getValue())) {
          namespace.sysctl(parameter.getKey(), parameter.getValue());
        }
      }
      String forwarding = item.forwarding() ? "1" : "0";
      for (String parameter : List.of(FORWARDING, FORWARDING6)) {
        if (!isSet(namespace, parameter, forwarding)) {
          namespace.sysctl(parameter, forwarding);
        }
      }
      return item;
    });
  }

  /** Lets go of the namespaces, which all appliers of this package share. */
  @Override
  public void close() {
    try {
      namespaces.close();
    } catch (IOException e) {
      System.getLogger("nucleon.device").log(System.Logger.Level.WARNING, "close namespaces", e);
    }
  }
}
