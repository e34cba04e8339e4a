package org.nucleon.server;

import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.nucleon.core.feature.Action;
import org.nucleon.core.feature.AgentRegistry;
import org.nucleon.core.feature.BackgroundWork;
import org.nucleon.core.feature.ComputedCollection;
import org.nucleon.core.feature.Configuration;
import org.nucleon.core.feature.Delivery;
import org.nucleon.core.feature.Drivers;
import org.nucleon.core.feature.Parts;
import org.nucleon.core.feature.Preparation;
import org.nucleon.core.feature.RemoteService;
import org.nucleon.core.feature.ReportHandler;
import org.nucleon.core.feature.ServerFeature;
import org.nucleon.core.feature.ServerSide;
import org.nucleon.core.feature.SubCollection;
import org.nucleon.core.schema.ResourceType;
import org.nucleon.core.transaction.ResourceRules;
import org.nucleon.core.transaction.Rules;
import org.nucleon.core.watch.Routing;
import org.nucleon.server.identity.CatalogService;
import org.nucleon.server.plugin.Plugins;

/** Collects what features bring while the server is put together. */
final class Assembly implements ServerSide {

  final Rules rules = new Rules();
  final Map<ResourceType, Map<String, Action>> actions = new HashMap<>();
  final Map<ResourceType, Map<String, SubCollection>> below = new HashMap<>();
  final Map<ResourceType, Parts> parts = new HashMap<>();
  final List<ComputedCollection> computed = new ArrayList<>();
  final Map<ResourceType, List<Preparation>> preparations = new HashMap<>();
  final Map<ResourceType, List<Routing>> routings = new HashMap<>();
  final Map<ResourceType, Map<String, ReportHandler>> reports = new HashMap<>();
  final List<AgentRegistry> registries = new ArrayList<>();
  final List<BackgroundWork> background = new ArrayList<>();
  final List<Delivery<?>> deliveries = new ArrayList<>();
  private final OptionsAtStart configuration;
  private final Drivers drivers;

  private Assembly(Configuration configuration, Drivers drivers) {
    this.configuration = new OptionsAtStart(configuration);
    this.drivers = drivers;
  }

  /**
   * What the features bring.
   *
   * @throws org.nucleon.server.plugin.PluginException if one of them fails
   */
  static Assembly of(List<ServerFeature> features, Configuration configuration, Drivers drivers) {
    Assembly assembly = new Assembly(configuration, drivers);
    for (ServerFeature feature : features) {
      Plugins.ask(feature, () -> feature.serve(assembly));
    }
    assembly.configuration.end();
    return assembly;
  }

  /** The policy rules that say who may use what features have added to the API. */
  Set<String> policyRules() {
    Set<String> names = new HashSet<>();
    actions.values().forEach(of -> names.addAll(of.keySet()));
    below
        .values()
        .forEach(of ->
            of.forEach((name, collection) -> {
              names.add(SubCollection.listRule(name));
              if (collection.isWritable()) {
                names.add(SubCollection.addRule(name));
                names.add(SubCollection.removeRule(name));
              }
            }));
    computed.forEach(collection -> names.add(collection.rule()));
    return names;
  }

  @Override
  public Configuration configuration() {
    return configuration;
  }

  @Override
  public void rules(ResourceType type, ResourceRules added) {
    rules.add(type, added);
  }

  @Override
  public void action(ResourceType type, String name, Action action) {
    actions.computeIfAbsent(type, t -> new HashMap<>()).put(name, action);
  }

  @Override
  public void below(ResourceType type, String name, SubCollection collection) {
    below.computeIfAbsent(type, t -> new HashMap<>()).put(name, collection);
  }

  @Override
  public void parts(ResourceType type, Parts kept) {
    parts.put(type, kept);
  }

  @Override
  public void computed(ComputedCollection collection) {
    computed.add(collection);
  }

  @Override
  public void beforeLists(ResourceType type, Preparation preparation) {
    preparations.computeIfAbsent(type, t -> new ArrayList<>()).add(preparation);
  }

  @Override
  public void routing(ResourceType type, Routing routing) {
    routings.computeIfAbsent(type, t -> new ArrayList<>()).add(routing);
  }

  @Override
  public void background(BackgroundWork work) {
    background.add(work);
  }

  @Override
  public void delivery(Delivery<?> delivery) {
    deliveries.add(delivery);
  }

  @Override
  public RemoteService remote(String section, String type) {
    return CatalogService.of(configuration, section, type);
  }

  @Override
  public void agents(AgentRegistry added) {
    registries.add(added);
  }

  @Override
  public <T> Collection<T> drivers(Class<T> type) {
    return drivers.drivers(type);
  }

  @Override
  public void reports(ResourceType type, String kind, ReportHandler handler) {
    reports.computeIfAbsent(type, t -> new HashMap<>()).put(kind, handler);
  }
}
