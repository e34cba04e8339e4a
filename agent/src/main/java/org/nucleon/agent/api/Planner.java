package org.nucleon.agent.api;

import java.util.function.Consumer;
import org.nucleon.agent.api.Facts.FactKey;
import org.nucleon.core.resource.View;
import org.nucleon.core.state.Change;

/**
 * Plans one feature's part of a host. Every method is a pure function of its arguments: output
 * depends on the current state only, never on history, so that planning a changed group gives what
 * a full plan would.
 */
public interface Planner {

  /** Names it in logs. */
  String name();

  /** Tells all groups that there are. */
  void groups(Planning in, Consumer<Group> groups);

  /**
   * Tells the groups whose plan depends on a resource that changed; too many is slow, too few is
   * wrong.
   *
   * @param before the resources before the change
   * @param after the resources after it
   */
  void affected(Change change, View before, View after, Consumer<Group> groups);

  /** Tells the groups whose plan depends on a fact that changed, appeared or vanished. */
  void affected(FactKey fact, View view, Consumer<Group> groups);

  /**
   * Plans a group; plans nothing if there is no such thing any more.
   *
   * @throws Unplannable if it cannot be expressed: the group is then set aside with nothing of it
   *     on the host, and reported
   */
  void plan(Group group, Planning in, Plan out) throws Unplannable;
}
