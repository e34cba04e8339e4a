package org.nucleon.lab;

import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.function.Consumer;
import org.nucleon.agent.api.Facts.FactKey;
import org.nucleon.agent.api.Group;
import org.nucleon.agent.api.HostFeature;
import org.nucleon.agent.api.HostSide;
import org.nucleon.agent.api.Plan;
import org.nucleon.agent.api.Planner;
import org.nucleon.agent.api.Planning;
import org.nucleon.core.feature.AgentDescription;
import org.nucleon.core.feature.Feature;
import org.nucleon.core.feature.ServerFeature;
import org.nucleon.core.feature.ServerSide;
import org.nucleon.core.resource.Draft;
import org.nucleon.core.resource.Resource;
import org.nucleon.core.resource.View;
import org.nucleon.core.schema.Catalog;
import org.nucleon.core.state.Change;
import org.nucleon.core.transaction.ResourceRules;
import org.nucleon.core.transaction.Transaction;
import org.nucleon.network.api.Binding;
import org.nucleon.network.api.NetworkFeature;
import org.nucleon.network.api.Ports;

/** A vendor's core plugin with an agent: that says of each port of its host that it is served. */
public final class VendorsFabric
    implements Feature, ServerFeature, HostFeature, ResourceRules, Planner {

  static final String NAME = "fabric";
  static final String AGENT = "Fabric agent";

  @Override
  public String name() {
    return NAME;
  }

  @Override
  public Optional<String> corePlugin() {
    return Optional.of(NAME);
  }

  @Override
  public Set<String> needs() {
    return Set.of(NetworkFeature.NAME);
  }

  @Override
  public void declare(Catalog.Builder catalog) {}

  @Override
  public void serve(ServerSide server) {
    server.rules(Ports.PORT, this);
  }

  @Override
  public void onCreate(Transaction tx, Draft port) {
    port.set(Binding.VIF_TYPE, port.get(Binding.HOST_ID).isEmpty() ? Binding.UNBOUND : NAME);
  }

  @Override
  public void join(HostSide host) {
    host.role(new AgentDescription(NAME, AGENT, "fabric-agent", "N/A", Map.of()));
    host.planner(this);
  }

  @Override
  public void groups(Planning in, Consumer<Group> groups) {
    Binding.portsOf(in.view(), in.host()).forEach(port -> accept(port.id(), groups));
  }

  private static void accept(UUID port, Consumer<Group> groups) {
    groups.accept(new Group("port", port));
  }

  @Override
  public void affected(Change change, View before, View after, Consumer<Group> groups) {
    if (change.type().equals(Ports.PORT)) {
      accept(change.id(), groups);
    }
  }

  @Override
  public void affected(FactKey fact, View view, Consumer<Group> groups) {}

  @Override
  public void plan(Group group, Planning in, Plan out) {
    Optional<Resource> port = in.view().find(Ports.PORT, UUID.fromString(group.id()));
    if (port.isPresent() && port.get().get(Ports.PENDING).contains(Ports.SWITCH)) {
      out.report(Ports.PORT.name(), Ports.SWITCH, port.get().id(), Map.of("state", "up"));
    }
  }
}
