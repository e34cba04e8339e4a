package org.nucleon.server;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.nucleon.server.LiveServer.Reply;

/** Address scopes, and which subnet pools and networks are in them. */
final class AddressScopeTest {

  private static final String[] MEMBER = {"X-Project-Id", "p1", "X-Roles", "member"};

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

  private static String scope(int version, String... headers) {
    return server.create(
        "/address-scopes", "address_scope", Map.of("name", "s", "ip_version", version), headers);
  }

  private static Reply pool(String prefix, String scope, Object... more) {
    Map<String, Object> values = new HashMap<>();
    values.put("name", "p");
    values.put("prefixes", List.of(prefix));
    values.put("address_scope_id", scope);
    for (int i = 0; i < more.length; i += 2) {
      values.put((String) more[i], more[i + 1]);
    }
    return server.post("/subnetpools", Map.of("subnetpool", values));
  }

  private static String id(Reply made) {
    assertThat(made.status()).as("%s", made).isEqualTo(201);
    return (String) made.at("subnetpool", "id");
  }

  private static void refused(Reply reply, int status, String type, String... words) {
    assertThat(reply.status() + " " + reply.type()).as("%s", reply).isEqualTo(status + " " + type);
    for (String word : words) {
      assertThat(reply.message()).contains(word);
    }
  }

  private static Reply subnet(String network, String pool) {
    return server.post(
        "/subnets",
        Map.of(
            "subnet",
            Map.of(
                "network_id", network, "ip_version", 4, "subnetpool_id", pool, "prefixlen", 24)));
  }

  @Test
  void addressesAreUniqueInAScope() {
    String scope = scope(4);
    String first = id(pool("10.0.0.0/16", scope));
    refused(pool("10.0.128.0/17", scope), 409, "AddressScopePrefixConflict", "10.0.128.0/17");
    String second = id(pool("10.1.0.0/16", scope));
    refused(
        server.put(
            "/subnetpools/" + second + "/add_prefixes", Map.of("prefixes", List.of("10.0.7.0/24"))),
        409,
        "AddressScopePrefixConflict",
        "10.0.7.0/24");
    id(pool("10.0.0.0/16", scope(4)));
    refused(
        pool("fd00::/48", scope),
        400,
        "IllegalSubnetPoolIpVersionAssociationToAddressScope",
        scope);
    refused(
        pool("10.2.0.0/16", scope, "shared", true),
        400,
        "IllegalSubnetPoolAssociationToAddressScope",
        scope);
    refused(server.delete("/address-scopes/" + scope), 409, "AddressScopeInUse", scope);
    for (String pool : List.of(first, second)) {
      assertThat(server.delete("/subnetpools/" + pool).status()).isEqualTo(204);
    }
    assertThat(server.delete("/address-scopes/" + scope).status()).isEqualTo(204);
  }

  @Test
  void aNetworkIsInOneScopeForEachVersion() {
    String scope = scope(4);
    String one = id(pool("10.0.0.0/16", scope));
    String two = id(pool("10.1.0.0/16", scope));
    String elsewhere = id(pool("10.2.0.0/16", scope(4)));
    String network = server.network("n");
    assertThat(server.get("/networks/" + network).at("network", "ipv4_address_scope")).isNull();
    assertThat(subnet(network, one).status()).isEqualTo(201);
    assertThat(server.get("/networks/" + network).at("network", "ipv4_address_scope"))
        .isEqualTo(scope);
    assertThat(server.get("/networks/" + network).at("network", "ipv6_address_scope")).isNull();
    assertThat(subnet(network, two).status()).as("another pool of the scope").isEqualTo(201);
    refused(subnet(network, elsewhere), 400, "NetworkAddressScopeAffinityError");
    Map<String, Object> none = new HashMap<>();
    none.put("address_scope_id", null);
    refused(
        server.put("/subnetpools/" + one, Map.of("subnetpool", none)),
        400,
        "NetworkAddressScopeAffinityError");
  }

  @Test
  void sharedStaysShared() {
    String scope =
        server.create(
            "/address-scopes",
            "address_scope",
            Map.of("name", "s", "ip_version", 4, "shared", true));
    assertThat(server.get("/address-scopes/" + scope, MEMBER).at("address_scope", "shared"))
        .isEqualTo(true);
    refused(
        server.put("/address-scopes/" + scope, Map.of("address_scope", Map.of("shared", false))),
        400,
        "AddressScopeUpdateError",
        scope);
    String own = scope(4, MEMBER);
    assertThat(server.get("/address-scopes/" + own, "X-Project-Id", "p2", "X-Roles", "member"))
        .extracting(Reply::type)
        .isEqualTo("AddressScopeNotFound");
    Map<String, Object> shared = Map.of("shared", true);
    refused(
        server.put("/address-scopes/" + own, Map.of("address_scope", shared), MEMBER),
        403,
        "PolicyNotAuthorized",
        "shared");
    assertThat(
            server
                .put("/address-scopes/" + own, Map.of("address_scope", shared))
                .at("address_scope", "shared"))
        .isEqualTo(true);
    String others = server.create("/address-scopes", "address_scope", Map.of("ip_version", 6));
    Map<String, Object> values =
        Map.of("name", "x", "prefixes", List.of("fd00::/48"), "address_scope_id", others);
    refused(
        server.post("/subnetpools", Map.of("subnetpool", values), MEMBER),
        404,
        "AddressScopeNotFound",
        others);
    refused(
        server.post("/address-scopes", Map.of("address_scope", Map.of("ip_version", 5))),
        400,
        "HTTPBadRequest",
        "ip_version",
        "[4, 6]");
  }
}
