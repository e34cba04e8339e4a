package org.nucleon.router.agent;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;
import org.junit.jupiter.api.Test;
import org.nucleon.agent.api.Group;
import org.nucleon.agent.device.NeighbourItem;
import org.nucleon.core.net.IpAddress;
import org.nucleon.core.net.MacAddress;
import org.nucleon.core.state.Change;
import org.nucleon.core.state.Picture;
import org.nucleon.network.api.FixedIp;
import org.nucleon.network.api.Ports;
import org.nucleon.router.api.Routers;

/** Whom a router's interfaces are told of. */
final class NeighbourPlannerTest {

  private static final String MAC = "fa:16:3e:00:00:10";

  private final RouterCloud cloud = new RouterCloud();
  private final NeighbourPlanner planner = new NeighbourPlanner();

  private List<String> planned() throws Exception {
    return cloud.plan(planner).of(NeighbourItem.class).stream()
        .map(item -> item.device().substring(0, 3) + " " + item.address() + " " + item.mac())
        .toList();
  }

  @Test
  void guestsNextToAnInterfaceHaveTheirOwnAddresses() throws Exception {
    assertThat(planned()).as("not of itself").isEmpty();
    cloud.guest("10.0.0.10", MAC);
    assertThat(planned()).containsExactly("qr- /10.0.0.10 " + MAC);
    cloud.update(Routers.ROUTER, RouterCloud.ROUTER, r -> r.set(Routers.HOST, "h2"));
    assertThat(planned()).isEmpty();
  }

  @Test
  void everyChangeThatAltersThePlanNamesItsGroups() throws Exception {
    List<Supplier<Change>> changes =
        List.of(
            () -> cloud.guest("10.0.0.10", MAC),
            () ->
                cloud.update(
                    Ports.PORT,
                    RouterCloud.GUEST_PORT,
                    p -> p.set(Ports.MAC_ADDRESS, MacAddress.parse("fa:16:3e:00:00:11"))),
            () ->
                cloud.update(
                    Ports.PORT,
                    RouterCloud.GUEST_PORT,
                    p -> p.set(Ports.FIXED_IPS, fixed("10.0.0.11"))),
            () -> cloud.update(Routers.ROUTER, RouterCloud.ROUTER, r -> r.set(Routers.HOST, "h2")),
            () ->
                cloud.update(
                    Routers.ROUTER, RouterCloud.ROUTER, r -> r.set(Routers.HOST, RouterCloud.HOST)),
            () -> cloud.delete(Ports.PORT, RouterCloud.INTERFACE_PORT));
    for (Supplier<Change> change : changes) {
      Picture before = cloud.picture();
      List<String> plannedBefore = planned();
      Change made = change.get();
      assertThat(planned()).as("%s", made).isNotEqualTo(plannedBefore);
      List<Group> affected = new ArrayList<>();
      planner.affected(made, before, cloud.picture(), affected::add);
      assertThat(affected).as("%s", made).contains(new Group("neighbour", RouterCloud.GUEST_PORT));
    }
  }

  private static List<FixedIp> fixed(String address) {
    return List.of(new FixedIp(RouterCloud.TENANT_SUBNET, IpAddress.parse(address)));
  }
}
