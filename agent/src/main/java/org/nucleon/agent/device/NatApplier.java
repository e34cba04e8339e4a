package org.nucleon.agent.device;

import java.io.IOException;
import java.net.InetAddress;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.nucleon.agent.api.Applier;
import org.nucleon.agent.api.ApplyException;
import org.nucleon.agent.api.Drift;
import org.nucleon.agent.api.Stage;
import org.nucleon.host.conntrack.Connection;
import org.nucleon.host.conntrack.Conntrack;
import org.nucleon.host.nftables.DataType;
import org.nucleon.host.nftables.NftTable;
import org.nucleon.host.nftables.TableState;

/**
 * Translates addresses in the namespaces of routers, by one table of nftables each. Connections
 * that go by a translation that is taken away end.
 */
final class NatApplier implements Applier<NatItem> {
  private static final String ADDRESSES = DataType.IPV4.text() + " : " + DataType.IPV4.text();

  private final Namespaces namespaces;

  NatApplier(Namespaces namespaces) {
    this.namespaces = namespaces;
  }

  /** One element of a map of addresses. */
  private record Translation(InetAddress from, InetAddress to) {
    boolean isOf(Connection connection) {
      return connection.isDestinationTranslated(from, to)
          || connection.isSourceTranslated(from, to);
    }
  }

  @Override
  public Class<NatItem> items() {
    return NatItem.class;
  }

  @Override
  public Stage stage() {
    return Stage.ROUTING;
  }

  @Override
  public void start(Drift<NatItem> drift) {
    namespaces.listen(
        new Namespaces.Listener() {
          @Override
          public void nftChanged() {
            drift.anywhere();
          }

          @Override
          public void lost(String namespace) {
            if (namespace.startsWith(DeviceNames.ROUTER_NAMESPACE)) {
              drift.anywhere();
            }
          }
        });
  }

  @Override
  public Map<Object, NatItem> read() throws ApplyException {
    try {
      Map<Object, NatItem> found = new LinkedHashMap<>();
      for (String name : namespaces.names()) {
        Optional<HeldNamespace> held =
            name.startsWith(DeviceNames.ROUTER_NAMESPACE)
                ? namespaces.find(name)
                : Optional.empty();
        if (held.isPresent()) {
          held.get()
              .nftables()
              .read(NatItem.FAMILY, NatItem.TABLE)
              .map(state -> new NatItem(name, state, null))
              .ifPresent(item -> found.put(item.key(), item));
        }
      }
      return found;
    } catch (IOException e) {
      throw new ApplyException("read address translation", e);
    }
  }

  @Override
  public Map<Object, String> apply(Collection<NatItem> put, Collection<NatItem> remove) {
    Map<Object, String> reasons = new LinkedHashMap<>();
    for (NatItem item : put) {
      try {
        NftTable table = item.table();
        if (table == null) {
          throw new IOException("a table that was read is not for applying");
        }
        HeldNamespace held =
            namespaces
                .find(item.namespace())
                .orElseThrow(() -> new IOException("there is no namespace " + item.namespace()));
        apply(held, table);
      } catch (IOException e) {
        reasons.put(item.key(), String.valueOf(e.getMessage()));
      }
    }
    for (NatItem item : remove) {
      try {
        Optional<HeldNamespace> held = namespaces.find(item.namespace());
        if (held.isPresent()) {
          apply(held.get(), new NftTable(NatItem.FAMILY, NatItem.TABLE, List.of(), List.of()));
          held.get().nftables().run("delete table ip " + NatItem.TABLE);
        }
      } catch (IOException e) {
        reasons.put(item.key(), String.valueOf(e.getMessage()));
      }
    }
    return reasons;
  }

  private static void apply(HeldNamespace held, NftTable table) throws IOException {
    Optional<TableState> before = held.nftables().read(table.family(), table.name());
    held.nftables().apply(table);
    List<Translation> gone = translations(before.orElse(new TableState(Map.of(), Map.of())));
    gone.removeAll(translations(table.state()));
    if (!gone.isEmpty()) {
      try (Conntrack conntrack = Conntrack.open(held.namespace())) {
        conntrack.end(connection -> gone.stream().anyMatch(t -> t.isOf(connection)));
      }
    }
  }

  private static List<Translation> translations(TableState state) {
    List<Translation> translations = new ArrayList<>();
    for (TableState.SetState map : state.sets().values()) {
      if (map.map() && map.type().equals(ADDRESSES)) {
        map.elements()
            .forEach((from, to) ->
                translations.add(
                    new Translation(InetAddress.ofLiteral(from), InetAddress.ofLiteral(to))));
      }
    }
    return translations;
  }

  @Override
  public void close() {
    // the namespaces, which hold the contexts, are closed by their own applier
  }
}
