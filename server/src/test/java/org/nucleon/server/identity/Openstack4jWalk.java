package org.nucleon.server.identity;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.openstack4j.api.Builders;
import org.openstack4j.api.exceptions.ClientResponseException;
import org.openstack4j.api.networking.NetworkingService;
import org.openstack4j.model.common.ActionResponse;
import org.openstack4j.model.common.Identifier;
import org.openstack4j.model.identity.v3.Token;
import org.openstack4j.model.network.AttachInterfaceType;
import org.openstack4j.model.network.IP;
import org.openstack4j.model.network.IPVersionType;
import org.openstack4j.model.network.Network;
import org.openstack4j.model.network.Port;
import org.openstack4j.model.network.Resource;
import org.openstack4j.model.network.Router;
import org.openstack4j.model.network.SecurityGroup;
import org.openstack4j.model.network.Subnet;
import org.openstack4j.model.network.options.PortListOptions;
import org.openstack4j.openstack.OSFactory;

/**
 * What users of openstack4j do with each resource, unmodified, as a member and as an administrator.
 * Its builders change what they were made from, so ids are taken before; whose session a thread has
 * is whoever was named last.
 */
final class Openstack4jWalk {

  private final Token alice;
  private final Token bob;
  private final Token admin;

  Openstack4jWalk(String keystone) {
    alice = token(keystone, "alice", "red");
    bob = token(keystone, "bob", "blue");
    admin = token(keystone, "admin", "admin");
  }

  private static Token token(String keystone, String user, String project) {
    return OSFactory.builderV3()
        .endpoint(keystone)
        .credentials(user, KeystoneServer.PASSWORD, Identifier.byId("default"))
        .scopeToProject(Identifier.byName(project), Identifier.byId("default"))
        .authenticate()
        .getToken();
  }

  private static NetworkingService as(Token who) {
    return OSFactory.clientFromToken(who).networking();
  }

  private static void done(ActionResponse response) {
    assertThat(response.isSuccess()).as("%s", response.getFault()).isTrue();
  }

  private static void refused(int status, String word, ThrowingCallable call) {
    assertThatThrownBy(call)
        .isInstanceOfSatisfying(
            ClientResponseException.class, e -> assertThat(e.getStatus()).isEqualTo(status))
        .hasMessageContaining(word);
  }

  void walk() {
    String network = networkAndTags();
    String subnet = subnet(network);
    List<String> ports = ports(network, subnet);
    securityGroup();
    routerAndFloatingIp(network, subnet, ports.getFirst());
    quotasAndAvailability(network);
    for (String port : ports) {
      done(as(alice).port().delete(port));
    }
    done(as(alice).subnet().delete(subnet));
    done(as(alice).network().delete(network));
    assertThat(as(alice).network().get(network)).isNull();
  }

  private String networkAndTags() {
    Network made = as(alice).network().create(Builders.network().name("o4j").build());
    assertThat(made.getMTU()).isPositive();
    String id = made.getId();
    assertThat(as(bob).network().get(id)).isNull();
    as(alice).network().update(id, Builders.networkUpdate().name("o4j2").build());
    assertThat(as(alice).network().list(Map.of("name", "o4j2")))
        .extracting(Network::getId)
        .containsExactly(id);
    done(as(alice).resourceTags().addSingle(Resource.NETWORK, id, "red"));
    done(as(alice).resourceTags().check(Resource.NETWORK, id, "red"));
    assertThat(as(alice).resourceTags().list(Resource.NETWORK, id).getTags())
        .containsExactly("red");
    done(as(alice).resourceTags().delete(Resource.NETWORK, id, "red"));
    refused(
        403,
        "create_network",
        () -> as(alice).network().create(Builders.network().isShared(true).build()));
    return id;
  }

  private String subnet(String network) {
    Subnet made =
        as(alice)
            .subnet()
            .create(
                Builders.subnet()
                    .name("s")
                    .networkId(network)
                    .ipVersion(IPVersionType.V4)
                    .cidr("10.0.0.0/24")
                    .addPool("10.0.0.10", "10.0.0.99")
                    .addDNSNameServer("9.9.9.9")
                    .addHostRoute("10.7.0.0/24", "10.0.0.7")
                    .build());
    assertThat(made.getGateway()).isEqualTo("10.0.0.1");
    assertThat(made.getDnsNames()).containsExactly("9.9.9.9");
    String id = made.getId();
    // without the gateway it would ask for none
    as(alice)
        .subnet()
        .update(
            id, Builders.subnet().name("renamed").gateway("10.0.0.1").enableDHCP(false).build());
    assertThat(as(alice).subnet().get(id).getName()).isEqualTo("renamed");
    assertThat(as(alice).subnet().get(id).isDHCPEnabled()).isFalse();
    assertThat(as(alice).subnet().list()).extracting(Subnet::getId).contains(id);
    return id;
  }

  private List<String> ports(String network, String subnet) {
    Port made =
        as(alice)
            .port()
            .create(
                Builders.port()
                    .name("p")
                    .networkId(network)
                    .fixedIp("10.0.0.20", subnet)
                    .allowedAddressPair("10.0.0.200", "fa:16:3e:00:00:99")
                    .build());
    String id = made.getId();
    assertThat(made.getFixedIps()).extracting(IP::getIpAddress).containsExactly("10.0.0.20");
    assertThat(made.getAllowedAddressPairs()).hasSize(1);
    List<? extends Port> more =
        as(alice)
            .port()
            .create(
                List.of(
                    Builders.port().name("bulk").networkId(network).build(),
                    Builders.port().name("bulk").networkId(network).build()));
    assertThat(as(alice).port().list(PortListOptions.create().networkId(network).name("bulk")))
        .extracting(Port::getId)
        .containsExactlyInAnyOrderElementsOf(more.stream().map(Port::getId).toList());
    // its own fault: it sends back created_at and updated_at, which Neutron does not take either
    refused(
        400,
        "created_at",
        () -> as(alice).port().update(as(alice).port().get(id).toBuilder().name("q").build()));
    assertThat(as(alice).port().get(id).getName()).isEqualTo("p");
    return List.of(id, more.getFirst().getId(), more.getLast().getId());
  }

  private void securityGroup() {
    SecurityGroup group =
        as(alice)
            .securitygroup()
            .create(Builders.securityGroup().name("web").description("d").build());
    assertThat(group.getRules()).hasSize(2);
    String id = group.getId();
    String rule =
        as(alice)
            .securityrule()
            .create(
                Builders.securityGroupRule()
                    .securityGroupId(id)
                    .direction("ingress")
                    .ethertype("IPv4")
                    .protocol("tcp")
                    .portRangeMin(80)
                    .portRangeMax(81)
                    .remoteIpPrefix("192.0.2.0/24")
                    .build())
            .getId();
    assertThat(as(alice).securityrule().get(rule).getPortRangeMax()).isEqualTo(81);
    as(alice).securityrule().delete(rule);
    assertThat(as(alice).securityrule().list(Map.of("security_group_id", id))).hasSize(2);
    as(alice).securitygroup().update(id, Builders.securityGroupUpdate().name("web2").build());
    assertThat(as(alice).securitygroup().get(id).getName()).isEqualTo("web2");
    done(as(alice).securitygroup().delete(id));
  }

  private void routerAndFloatingIp(String network, String subnet, String port) {
    String outside =
        as(admin)
            .network()
            .create(Builders.network().name("outside").isRouterExternal(true).build())
            .getId();
    as(admin)
        .subnet()
        .create(
            Builders.subnet()
                .networkId(outside)
                .ipVersion(IPVersionType.V4)
                .cidr("203.0.113.0/24")
                .enableDHCP(false)
                .build());
    String router =
        as(alice)
            .router()
            .create(Builders.router().name("r").externalGateway(outside).build())
            .getId();
    assertThat(as(alice).router().get(router).getExternalGatewayInfo().getNetworkId())
        .isEqualTo(outside);
    assertThat(
            as(alice)
                .router()
                .attachInterface(router, AttachInterfaceType.SUBNET, subnet)
                .getSubnetId())
        .isEqualTo(subnet);
    Router routed =
        as(alice)
            .router()
            .update(Builders.router().id(router).route("10.9.0.0/24", "10.0.0.9").build());
    assertThat(routed.getRoutes()).hasSize(1);
    as(alice).router().update(Builders.router().id(router).noRoutes().build());
    assertThat(as(alice).router().get(router).getRoutes()).isEmpty();
    as(alice).router().toggleAdminStateUp(router, false);
    assertThat(as(alice).router().get(router).isAdminStateUp()).isFalse();

    String ip =
        as(alice)
            .floatingip()
            .create(Builders.netFloatingIP().floatingNetworkId(outside).portId(port).build())
            .getId();
    assertThat(as(alice).floatingip().get(ip).getFixedIpAddress()).isEqualTo("10.0.0.20");
    // its own fault: its connector has nothing that writes the text it makes of the request
    assertThatThrownBy(() -> as(alice).floatingip().disassociateFromPort(ip))
        .hasStackTraceContaining("could not find writer");
    assertThatThrownBy(() -> as(alice).floatingip().associateToPort(ip, port))
        .hasStackTraceContaining("could not find writer");
    assertThat(as(alice).floatingip().get(ip).getPortId()).isEqualTo(port);
    done(as(alice).floatingip().delete(ip));

    as(alice).router().detachInterface(router, subnet, null);
    done(as(alice).router().delete(router));
    done(as(admin).network().delete(outside));
    assertThat(as(alice).port().list(PortListOptions.create().networkId(network))).hasSize(3);
  }

  private void quotasAndAvailability(String network) {
    String red = Objects.requireNonNull(alice.getProject()).getId();
    assertThat(as(alice).quotas().get(red).getNetwork()).isEqualTo(100);
    as(admin).quotas().updateForTenant(red, Builders.netQuota().network(101).build());
    assertThat(as(admin).quotas().get(red).getNetwork()).isEqualTo(101);
    done(as(admin).quotas().reset(red));
    assertThat(as(admin).networkIPAvailability().get(network).getUsedIps()).isPositive();
    assertThat(as(admin).agent().list()).isEmpty();
    assertThat(as(alice).availabilityzone().list()).isEmpty();
  }
}
