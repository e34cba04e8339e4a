package org.nucleon.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.nucleon.server.LiveServer.column;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.nucleon.core.Caller;
import org.nucleon.network.api.Networks;
import org.nucleon.network.api.RbacPolicies;
import org.nucleon.server.LiveServer.Reply;

/** RBAC policies: who gets access to what, what it lets them do, and when it can be taken away. */
final class RbacTest {

  private static final String[] OWNER = member("owner");
  private static final String[] FRIEND = member("friend");
  private static final String[] STRANGER = member("stranger");

  @TempDir static Path folder;
  static LiveServer server;

  @BeforeAll
  static void start() {
    server = LiveServer.start(folder);
  }

  @AfterAll
  static void stop() {
    server.close();
  }

  private static String[] member(String project) {
    return new String[] {"X-Project-Id", project, "X-Roles", "member"};
  }

  private static Reply share(
      String type, String id, String action, String target, String... headers) {
    Map<String, Object> values =
        Map.of("object_type", type, "object_id", id, "action", action, "target_tenant", target);
    return server.post("/rbac-policies", Map.of("rbac_policy", values), headers);
  }

  private static String id(Reply made) {
    assertThat(made.status()).as("%s", made).isEqualTo(201);
    return (String) made.at("rbac_policy", "id");
  }

  private static String network(String... headers) {
    String network = server.create("/networks", "network", Map.of("name", "n"), headers);
    server.create(
        "/subnets",
        "subnet",
        Map.of("network_id", network, "ip_version", 4, "cidr", "10.0.0.0/24"),
        headers);
    return network;
  }

  private static void refused(Reply reply, int status, String type, String... words) {
    assertThat(reply.status() + " " + reply.type()).as("%s", reply).isEqualTo(status + " " + type);
    for (String word : words) {
      assertThat(reply.message()).contains(word);
    }
  }

  private static Reply port(String network, String... headers) {
    return server.post("/ports", Map.of("port", Map.of("network_id", network)), headers);
  }

  @Test
  void aNetworkIsSharedWithTheProjectThatAPolicyNames() {
    String network = network(OWNER);
    refused(server.get("/networks/" + network, FRIEND), 404, "NetworkNotFound");
    String policy = id(share("network", network, "access_as_shared", "friend", OWNER));
    assertThat(server.get("/networks/" + network, FRIEND).at("network", "shared")).isEqualTo(true);
    assertThat(server.get("/networks/" + network, OWNER).at("network", "shared"))
        .as("relative to the caller")
        .isEqualTo(false);
    assertThat(column(server.get("/networks?shared=true", FRIEND), "networks", "id"))
        .contains(network);
    assertThat(column(server.get("/networks?shared=true", OWNER), "networks", "id"))
        .doesNotContain(network);
    assertThat(column(server.get("/subnets", FRIEND), "subnets", "network_id")).contains(network);
    refused(server.get("/networks/" + network, STRANGER), 404, "NetworkNotFound");
    refused(port(network, STRANGER), 404, "NetworkNotFound");
    String port = (String) port(network, FRIEND).at("port", "id");
    refused(
        server.delete("/rbac-policies/" + policy, OWNER),
        409,
        "RbacPolicyInUse",
        network,
        "friend");
    Map<String, Object> target = Map.of("target_tenant", "stranger");
    refused(
        server.put("/rbac-policies/" + policy, Map.of("rbac_policy", target), OWNER),
        409,
        "RbacPolicyInUse",
        "friend");
    refused(server.delete("/networks/" + network, FRIEND), 403, "PolicyNotAuthorized");
    server.delete("/ports/" + port, FRIEND);
    assertThat(
            server
                .put("/rbac-policies/" + policy, Map.of("rbac_policy", target), OWNER)
                .at("rbac_policy", "target_tenant"))
        .isEqualTo("stranger");
    refused(server.get("/networks/" + network, FRIEND), 404, "NetworkNotFound");
    assertThat(server.get("/networks/" + network, STRANGER).status()).isEqualTo(200);
    assertThat(server.delete("/rbac-policies/" + policy, OWNER).status()).isEqualTo(204);
    refused(server.get("/networks/" + network, STRANGER), 404, "NetworkNotFound");
  }

  @Test
  void policiesAreAsTheirOwnersAndAdministratorsMakeThem() {
    String network = network(OWNER);
    refused(
        share("network", network, "access_as_shared", "stranger", FRIEND), 404, "NetworkNotFound");
    String policy = id(share("network", network, "access_as_shared", "friend", OWNER));
    refused(
        share("network", network, "access_as_shared", "stranger", FRIEND),
        400,
        "InvalidInput",
        "owner");
    refused(
        share("network", network, "access_as_shared", "*", OWNER),
        403,
        "PolicyNotAuthorized",
        "target_tenant");
    refused(
        share("network", network, "access_as_shared", "friend", OWNER), 409, "DuplicateRbacPolicy");
    refused(
        share("network", network, "access_as_king", "friend", OWNER),
        400,
        "InvalidInput",
        "access_as_king");
    refused(
        share("kingdom", network, "access_as_shared", "friend", OWNER),
        400,
        "HTTPBadRequest",
        "object_type",
        "kingdom");
    refused(
        share("subnetpool", network, "access_as_shared", "friend", OWNER),
        404,
        "SubnetPoolNotFound");
    refused(share("network", network, "access_as_shared", "", OWNER), 400, "HTTPBadRequest");
    refused(server.get("/rbac-policies/" + policy, FRIEND), 404, "RbacPolicyNotFound");
    Map<String, Object> target = Map.of("target_tenant", "*");
    refused(
        server.put("/rbac-policies/" + policy, Map.of("rbac_policy", target), OWNER),
        403,
        "PolicyNotAuthorized",
        "target_tenant");
    assertThat(
            column(server.get("/rbac-policies?target_tenant=friend"), "rbac_policies", "object_id"))
        .contains(network);
  }

  @Test
  void sharedIsAPolicyForEveryProjectAndTheOtherWayRound() {
    String network = network(OWNER);
    server.put("/networks/" + network, Map.of("network", Map.of("shared", true)));
    Reply policies = server.get("/rbac-policies?object_id=" + network);
    assertThat(column(policies, "rbac_policies", "target_tenant")).containsExactly("*");
    assertThat(column(policies, "rbac_policies", "action")).containsExactly("access_as_shared");
    assertThat(server.get("/networks/" + network, STRANGER).at("network", "shared"))
        .isEqualTo(true);
    String port = (String) port(network, STRANGER).at("port", "id");
    refused(
        server.put("/networks/" + network, Map.of("network", Map.of("shared", false))),
        409,
        "InvalidSharedSetting");
    refused(
        server.delete("/rbac-policies/" + policies.at("rbac_policies", 0, "id")),
        409,
        "RbacPolicyInUse");
    id(share("network", network, "access_as_shared", "stranger", OWNER));
    Reply unshared = server.put("/networks/" + network, Map.of("network", Map.of("shared", false)));
    assertThat(unshared.at("network", "shared")).as("%s", unshared).isEqualTo(false);
    assertThat(
            column(
                server.get("/rbac-policies?object_id=" + network),
                "rbac_policies",
                "target_tenant"))
        .containsExactly("stranger");
    assertThat(server.get("/ports/" + port, STRANGER).status()).isEqualTo(200);
    String all = id(share("network", network, "access_as_shared", "*"));
    assertThat(server.get("/networks/" + network).at("network", "shared")).isEqualTo(true);
    server.delete("/rbac-policies/" + all);
    assertThat(server.get("/networks/" + network).at("network", "shared")).isEqualTo(false);
  }

  @Test
  void anExternalNetworkForSomeProjects() {
    String network = network(OWNER);
    assertThat(server.get("/networks/" + network, OWNER).at("network", "router:external"))
        .isEqualTo(false);
    String policy = id(share("network", network, "access_as_external", "friend", OWNER));
    for (String[] who : List.of(OWNER, FRIEND)) {
      assertThat(server.get("/networks/" + network, who).at("network", "router:external"))
          .isEqualTo(true);
    }
    refused(server.get("/networks/" + network, STRANGER), 404, "NetworkNotFound");
    assertThat(column(server.get("/networks?router:external=true", FRIEND), "networks", "id"))
        .contains(network);
    assertThat(column(server.get("/networks?router:external=true", STRANGER), "networks", "id"))
        .doesNotContain(network);
    refused(port(network, FRIEND), 403, "HTTPForbidden");
    Map<String, Object> gateway = Map.of("external_gateway_info", Map.of("network_id", network));
    refused(server.post("/routers", Map.of("router", gateway), STRANGER), 404, "NetworkNotFound");
    refused(
        server.post(
            "/floatingips", Map.of("floatingip", Map.of("floating_network_id", network)), STRANGER),
        404,
        "NetworkNotFound");
    String router = server.create("/routers", "router", gateway, FRIEND);
    refused(server.delete("/rbac-policies/" + policy, OWNER), 409, "RbacPolicyInUse", "friend");
    refused(
        server.put("/networks/" + network, Map.of("network", Map.of("router:external", false))),
        409,
        "ExternalNetworkInUse");
    server.delete("/routers/" + router, FRIEND);
    assertThat(server.delete("/rbac-policies/" + policy, OWNER).status()).isEqualTo(204);
    assertThat(server.get("/networks/" + network, OWNER).at("network", "router:external"))
        .isEqualTo(false);
  }

  @Test
  void noLongerExternalTakesEveryPolicyAway() {
    String network =
        server.create("/networks", "network", Map.of("name", "e", "router:external", true));
    id(share("network", network, "access_as_external", "friend"));
    assertThat(
            column(
                server.get("/rbac-policies?object_id=" + network),
                "rbac_policies",
                "target_tenant"))
        .containsExactlyInAnyOrder("*", "friend");
    server.put("/networks/" + network, Map.of("network", Map.of("router:external", false)));
    assertThat(column(server.get("/rbac-policies?object_id=" + network), "rbac_policies", "id"))
        .isEmpty();
    refused(server.get("/networks/" + network, FRIEND), 404, "NetworkNotFound");
  }

  @Test
  void policiesGoWithWhatTheyAreAbout() {
    String network =
        server.create(
            "/networks", "network", Map.of("name", "e", "router:external", true, "shared", true));
    assertThat(column(server.get("/rbac-policies?object_id=" + network), "rbac_policies", "id"))
        .hasSize(2);
    assertThat(server.delete("/networks/" + network).status()).isEqualTo(204);
    assertThat(column(server.get("/rbac-policies?object_id=" + network), "rbac_policies", "id"))
        .isEmpty();
  }

  @Test
  void subnetPoolsAndAddressScopes() {
    String scope =
        server.create("/address-scopes", "address_scope", Map.of("ip_version", 4), OWNER);
    String scopePolicy = id(share("address_scope", scope, "access_as_shared", "friend", OWNER));
    String pool =
        server.create(
            "/subnetpools",
            "subnetpool",
            Map.of("name", "p", "prefixes", List.of("10.9.0.0/16"), "address_scope_id", scope),
            FRIEND);
    refused(
        server.delete("/rbac-policies/" + scopePolicy, OWNER), 409, "RbacPolicyInUse", "friend");
    String poolPolicy = id(share("subnetpool", pool, "access_as_shared", "owner", FRIEND));
    assertThat(server.get("/subnetpools/" + pool, OWNER).at("subnetpool", "shared"))
        .isEqualTo(true);
    refused(server.get("/subnetpools/" + pool, STRANGER), 404, "SubnetPoolNotFound");
    String network = server.create("/networks", "network", Map.of("name", "n"), OWNER);
    Map<String, Object> subnet =
        Map.of("network_id", network, "ip_version", 4, "subnetpool_id", pool, "prefixlen", 24);
    String made = server.create("/subnets", "subnet", subnet, OWNER);
    refused(server.delete("/rbac-policies/" + poolPolicy, FRIEND), 409, "RbacPolicyInUse", "owner");
    server.delete("/subnets/" + made, OWNER);
    assertThat(server.delete("/rbac-policies/" + poolPolicy, FRIEND).status()).isEqualTo(204);
    refused(
        share("subnetpool", pool, "access_as_external", "owner", FRIEND),
        400,
        "InvalidInput",
        "access_as_external");
  }

  @Test
  void portsInAGroupOfAnotherProject() {
    String group = server.create("/security-groups", "security_group", Map.of("name", "g"), OWNER);
    String network = network(FRIEND);
    Object port = Map.of("port", Map.of("network_id", network, "security_groups", List.of(group)));
    refused(server.post("/ports", port, FRIEND), 404, "SecurityGroupNotFound", group);
    String policy = id(share("security_group", group, "access_as_shared", "friend", OWNER));
    assertThat(column(server.get("/security-groups?shared=true", FRIEND), "security_groups", "id"))
        .containsExactly(group);
    assertThat(server.get("/security-groups/" + group, OWNER).at("security_group", "shared"))
        .isEqualTo(false);
    assertThat(server.post("/ports", port, FRIEND).status()).isEqualTo(201);
    refused(server.delete("/rbac-policies/" + policy, OWNER), 409, "RbacPolicyInUse", "friend");
    refused(
        server.put("/security-groups/" + group, Map.of("security_group", Map.of()), FRIEND),
        403,
        "PolicyNotAuthorized");
    refused(server.get("/security-groups/" + group, STRANGER), 404, "SecurityGroupNotFound");
  }

  /** Documents from before there were policies have none. */
  @Test
  void networksFromBeforeMeanWhatTheyMeant(@TempDir Path old) {
    String shared;
    String external;
    try (LiveServer before = LiveServer.start(old)) {
      shared = before.create("/networks", "network", Map.of("name", "s", "shared", true));
      external =
          before.create("/networks", "network", Map.of("name", "e", "router:external", true));
      before
          .server()
          .engine()
          .write(
              Caller.SYSTEM,
              tx -> {
                List.copyOf(tx.all(RbacPolicies.RBAC_POLICY))
                    .forEach(policy -> {
                      tx.delete(policy);
                      tx.update(
                          tx.get(Networks.NETWORK, policy.get(RbacPolicies.OBJECT_ID)),
                          network ->
                              network
                                  .set(Networks.SHARED, network.id().toString().equals(shared))
                                  .set(
                                      Networks.EXTERNAL, network.id().toString().equals(external)));
                    });
                return true;
              });
    }
    try (LiveServer after = LiveServer.start(old)) {
      assertThat(after.get("/networks/" + shared, STRANGER).at("network", "shared"))
          .isEqualTo(true);
      assertThat(after.get("/networks/" + external, STRANGER).at("network", "router:external"))
          .isEqualTo(true);
      Map<String, Object> off = Map.of("router:external", false);
      assertThat(after.put("/networks/" + external, Map.of("network", off)).status())
          .isEqualTo(200);
      assertThat(after.get("/networks/" + external, STRANGER).status()).isEqualTo(404);
      assertThat(
              after.put("/networks/" + shared, Map.of("network", Map.of("shared", false))).status())
          .isEqualTo(200);
      assertThat(after.get("/networks/" + shared, STRANGER).status()).isEqualTo(404);
    }
  }
}
