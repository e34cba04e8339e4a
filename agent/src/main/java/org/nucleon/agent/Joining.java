package org.nucleon.agent;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.function.BiConsumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.nucleon.agent.api.Applier;
import org.nucleon.agent.api.ApplyException;
import org.nucleon.agent.api.HostFeature;
import org.nucleon.agent.api.HostSide;
import org.nucleon.agent.api.Item;
import org.nucleon.agent.api.NumberStore;
import org.nucleon.agent.api.Planner;
import org.nucleon.core.feature.AgentDescription;
import org.nucleon.core.feature.Configuration;
import org.nucleon.core.feature.Drivers;
import org.nucleon.core.resource.View;

/** Collects what features bring while a host's agent is put together. */
final class Joining {

  final List<AgentDescription> roles = new ArrayList<>();
  final List<Planner> planners = new ArrayList<>();
  final List<Applier<? extends Item>> appliers = new ArrayList<>();
  @Nullable NumberStore numberStore;
  private final String host;
  private final Path stateFolder;
  private final Drivers drivers;
  private final Supplier<? extends View> view;
  private final BiConsumer<String, Map<String, ?>> facts;

  private Joining(
      String host,
      Path stateFolder,
      Drivers drivers,
      Supplier<? extends View> view,
      BiConsumer<String, Map<String, ?>> facts) {
    this.drivers = drivers;
    this.view = view;
    this.host = host;
    this.stateFolder = stateFolder;
    this.facts = facts;
  }

  static Joining of(
      String host,
      Path stateFolder,
      Configuration configuration,
      List<HostFeature> features,
      Drivers drivers,
      Supplier<? extends View> view,
      BiConsumer<String, Map<String, ?>> facts)
      throws ApplyException {
    Joining joining = new Joining(host, stateFolder, drivers, view, facts);
    for (HostFeature feature : features) {
      feature.join(joining.new Side(new DeclaredOptions(configuration, feature)));
    }
    return joining;
  }

  /** The agent as one feature sees it. */
  private final class Side implements HostSide {

    private final Configuration configuration;

    Side(Configuration configuration) {
      this.configuration = configuration;
    }

    @Override
    public Configuration configuration() {
      return configuration;
    }

    @Override
    public <T> Collection<T> drivers(Class<T> type) {
      return drivers.drivers(type);
    }

    @Override
    public View view() {
      return view.get();
    }

    @Override
    public String host() {
      return host;
    }

    @Override
    public Path stateFolder() {
      return stateFolder;
    }

    @Override
    public void role(AgentDescription description) {
      roles.add(description);
    }

    @Override
    public void planner(Planner planner) {
      planners.add(planner);
    }

    @Override
    public void applier(Applier<?> applier) {
      appliers.add(applier);
    }

    @Override
    public void numbers(NumberStore store) {
      numberStore = store;
    }

    @Override
    public void facts(String kind, Map<String, ?> read) {
      facts.accept(kind, read);
    }
  }
}
