package org.nucleon.ml2.server;

import java.time.Duration;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import org.nucleon.core.feature.AgentRegistry;
import org.nucleon.core.feature.Configuration;
import org.nucleon.core.feature.Option;
import org.nucleon.core.feature.ServerFeature;
import org.nucleon.core.feature.ServerSide;
import org.nucleon.ml2.api.MechanismDriver;
import org.nucleon.ml2.api.Ml2Feature;
import org.nucleon.ml2.api.PortBindings;
import org.nucleon.ml2.api.TypeDriver;
import org.nucleon.network.api.Networks;
import org.nucleon.network.api.Ports;

/** Puts the configured type and mechanism drivers to work. */
public final class Ml2Server implements ServerFeature {

  private static final Option<List<String>> TYPES =
      Option.list(
          "ml2", "type_drivers", "local,flat,vlan,gre,vxlan,geneve", "Type drivers that are on");
  private static final Option<List<String>> TENANT_TYPES =
      Option.list("ml2", "tenant_network_types", "vxlan,local", "Types tried in order for tenants");
  private static final Option<List<String>> MECHANISMS =
      Option.list(
          "ml2", "mechanism_drivers", "openvswitch", "Mechanism drivers that are on, in order");

  @Override
  public String name() {
    return Ml2Feature.NAME;
  }

  @Override
  public void serve(ServerSide server) {
    Configuration configuration = server.configuration();
    Map<String, TypeDriver> types =
        chosen(TYPES, configuration, server.drivers(TypeDriver.class), TypeDriver::type);
    types.values().forEach(driver -> driver.initialize(configuration));
    Map<String, MechanismDriver> mechanisms =
        chosen(
            MECHANISMS,
            configuration,
            server.drivers(MechanismDriver.class),
            MechanismDriver::name);
    mechanisms.values().forEach(driver -> driver.initialize(configuration));
    Map<String, TypeDriver> tenantTypes =
        chosen(TENANT_TYPES, configuration, types.values(), TypeDriver::type);
    List<MechanismDriver> drivers = List.copyOf(mechanisms.values());
    server.rules(
        Networks.NETWORK, new SegmentRules(types, List.copyOf(tenantTypes.values()), drivers));
    Duration downTime = Duration.ofSeconds(configuration.get(AgentRegistry.DOWN_TIME));
    BindingRules binding = new BindingRules(drivers, downTime);
    server.rules(Ports.PORT, binding);
    BindingParts bindings = new BindingParts(binding);
    server.parts(PortBindings.BINDING, bindings);
    server.action(PortBindings.BINDING, PortBindings.ACTIVATE, bindings::activate);
    server.background(new Rebinding());
    server.background(new FailedBindings());
  }

  private static <T> Map<String, T> chosen(
      Option<List<String>> option,
      Configuration configuration,
      Collection<T> present,
      Function<T, String> name) {
    Map<String, T> chosen = new LinkedHashMap<>();
    for (String wanted : configuration.get(option)) {
      T driver =
          present.stream()
              .filter(d -> name.apply(d).equals(wanted))
              .findFirst()
              .orElseThrow(() ->
                  new IllegalArgumentException(
                      option
                          + ": there is no driver "
                          + wanted
                          + ", only "
                          + present.stream().map(name).sorted().toList()));
      chosen.put(wanted, driver);
    }
    return chosen;
  }
}
