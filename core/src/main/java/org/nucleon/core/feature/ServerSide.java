package org.nucleon.core.feature;

import org.nucleon.core.schema.ResourceType;
import org.nucleon.core.transaction.ResourceRules;
import org.nucleon.core.watch.Routing;

/** The server as features see it while it is put together. */
public interface ServerSide extends Drivers {

  /**
   * The operator's configuration. Options are asked for while the feature is put together; later
   * only those are given again: {@code nucleon config} knows no others.
   */
  Configuration configuration();

  /** Adds rules for a resource type, its own or another feature's. */
  void rules(ResourceType type, ResourceRules rules);

  /**
   * Adds an action on one resource: {@code PUT /v2.0/routers/{id}/add_router_interface}. Who may,
   * says the policy rule of the action's name, which the feature declares.
   */
  void action(ResourceType type, String name, Action action);

  /** Adds resources below others of a type: {@code /v2.0/agents/{id}/l3-routers}. */
  void below(ResourceType type, String name, SubCollection collection);

  /** Says how the parts of a type are kept where they are not simply resources of their own. */
  void parts(ResourceType type, Parts parts);

  /** Adds a collection that is computed: {@code /v2.0/service-providers}. */
  void computed(ComputedCollection collection);

  /** Adds what is made before a caller lists resources of a type. */
  void beforeLists(ResourceType type, Preparation preparation);

  /** Declares which hosts resources of a type concern. */
  void routing(ResourceType type, Routing routing);

  /** Adds work in the background. */
  void background(BackgroundWork work);

  /** Adds work with effects outside of the database. */
  void delivery(Delivery<?> delivery);

  /**
   * Another service of the cloud.
   *
   * @param section the section of the configuration that has the user, as Keystone's clients are
   *     configured ({@code auth_url}, {@code username}, ...)
   * @param type the service's type in the catalog, such as {@code compute}
   * @throws IllegalArgumentException naming the option that is missing or wrong; none is while
   *     {@code auth_url} is empty
   */
  RemoteService remote(String section, String type);

  /** Sets who writes down which agents there are. */
  void agents(AgentRegistry registry);

  /**
   * Takes what hosts report about resources of a type.
   *
   * @param kind what is reported, such as {@code switch}: a resource can be in several hosts' hands
   */
  void reports(ResourceType type, String kind, ReportHandler handler);
}
