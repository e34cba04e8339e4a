package org.nucleon.server;

import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.nucleon.core.feature.Feature;
import org.nucleon.core.feature.ServerFeature;
import org.nucleon.core.feature.ServerSide;
import org.nucleon.core.resource.Draft;
import org.nucleon.core.resource.Resource;
import org.nucleon.core.schema.Catalog;
import org.nucleon.core.transaction.ResourceRules;
import org.nucleon.core.transaction.Transaction;
import org.nucleon.network.api.Binding;
import org.nucleon.network.api.NetworkFeature;
import org.nucleon.network.api.Ports;

/** Another core plugin in place of ML2: it takes every port on every host. */
final class FakeBackend implements Feature, ServerFeature {

  @Override
  public String name() {
    return "fake";
  }

  @Override
  public Set<String> needs() {
    return Set.of(NetworkFeature.NAME);
  }

  @Override
  public Optional<String> corePlugin() {
    return Optional.of(name());
  }

  @Override
  public void declare(Catalog.Builder catalog) {}

  @Override
  public void serve(ServerSide server) {
    server.rules(Ports.PORT, new Bind());
  }

  private static final class Bind implements ResourceRules {
    @Override
    public void onCreate(Transaction tx, Draft port) {
      bind(port);
    }

    @Override
    public void onUpdate(Transaction tx, Resource before, Draft port) {
      if (port.isChanged(Binding.HOST_ID)) {
        bind(port);
        Ports.await(port, Ports.SWITCH);
      }
    }

    private static void bind(Draft port) {
      boolean bound = !port.get(Binding.HOST_ID).isEmpty();
      port.set(Binding.VIF_TYPE, bound ? "fake" : Binding.UNBOUND)
          .set(Binding.VIF_DETAILS, Map.of());
    }
  }
}
