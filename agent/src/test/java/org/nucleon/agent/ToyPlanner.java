package org.nucleon.agent;

import java.util.Map;
import java.util.UUID;
import java.util.function.Consumer;
import org.nucleon.agent.api.Facts.FactKey;
import org.nucleon.agent.api.Group;
import org.nucleon.agent.api.Plan;
import org.nucleon.agent.api.Planner;
import org.nucleon.agent.api.Planning;
import org.nucleon.agent.api.Unplannable;
import org.nucleon.core.resource.Resource;
import org.nucleon.core.resource.View;
import org.nucleon.core.state.Change;

/** One group a guest; a guest appears once the fact {@code device} is there, if it wants one. */
final class ToyPlanner implements Planner {

  @Override
  public String name() {
    return "toy";
  }

  @Override
  public void groups(Planning in, Consumer<Group> groups) {
    in.view().all(Toy.GUEST).forEach(guest -> groups.accept(new Group("guest", guest.id())));
  }

  @Override
  public void affected(Change change, View before, View after, Consumer<Group> groups) {
    Resource now = change.after();
    if (now != null && now.get(Toy.POISON).equals("affected")) {
      throw new IllegalStateException("nobody can tell");
    }
    groups.accept(new Group("guest", change.id()));
  }

  @Override
  public void affected(FactKey fact, View view, Consumer<Group> groups) {
    groups.accept(new Group("guest", fact.id()));
  }

  @Override
  public void plan(Group group, Planning in, Plan out) throws Unplannable {
    Resource guest = in.view().find(Toy.GUEST, UUID.fromString(group.id())).orElse(null);
    if (guest == null) {
      return;
    }
    String poison = guest.get(Toy.POISON);
    String net = guest.get(Toy.NET);
    String name = group.id();
    int vlan = in.number("vlan", net);
    out.add(new Toy.Link(name));
    out.add(new Toy.Plug(name, vlan));
    if (poison.equals("unplannable")) {
      throw new Unplannable("no such thing here");
    }
    if (poison.equals("throws")) {
      throw new IllegalArgumentException("a bug");
    }
    if (poison.equals("no device") && in.facts().find(String.class, "device", name).isEmpty()) {
      return;
    }
    out.add(new Toy.Flow(name, vlan, net));
    out.add(new Toy.Route(name));
    out.add(new Toy.Program(net));
    out.add(new Toy.Entry(name, guest.get(Toy.SIZE)));
    out.report("guest", "switch", guest.id(), Map.of("vlan", vlan));
  }
}
