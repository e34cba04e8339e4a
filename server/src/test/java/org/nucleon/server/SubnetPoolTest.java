package org.nucleon.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.nucleon.server.LiveServer.column;

import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.nucleon.server.LiveServer.Reply;

/** Subnet pools, and the subnets that are made from them. */
final class SubnetPoolTest {

  private static final String[] MEMBER = {"X-Project-Id", "p1", "X-Roles", "member"};
  private static final String[] OTHER = {"X-Project-Id", "p2", "X-Roles", "member"};

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

  private static String pool(Map<String, ?> values, String... headers) {
    Map<String, Object> all = new HashMap<>(Map.of("name", "pool"));
    all.putAll(values);
    return server.create("/subnetpools", "subnetpool", all, headers);
  }

  private static String pool(String... prefixes) {
    return pool(Map.of("prefixes", List.of(prefixes)));
  }

  private static Reply subnet(Map<String, ?> values, String... headers) {
    Map<String, Object> all = new HashMap<>(Map.of("ip_version", 4));
    all.putAll(values);
    if (!all.containsKey("network_id")) {
      all.put("network_id", server.create("/networks", "network", Map.of("name", "n"), headers));
    }
    return server.post("/subnets", Map.of("subnet", all), headers);
  }

  private static String cidr(Reply created) {
    assertThat(created.status()).as("%s", created).isEqualTo(201);
    return (String) created.at("subnet", "cidr");
  }

  private static void refused(Reply reply, int status, String type, String... words) {
    assertThat(reply.status() + " " + reply.type()).as("%s", reply).isEqualTo(status + " " + type);
    for (String word : words) {
      assertThat(reply.message()).contains(word);
    }
  }

  @Test
  void showsWhatItHasToGiveAsNumbersWithTheDefaultsOfItsVersion() {
    String id = pool("10.1.1.0/24", "10.1.0.0/24", "10.1.0.128/25");
    Reply shown = server.get("/subnetpools/" + id);
    assertThat(shown.at("subnetpool", "prefixes")).isEqualTo(List.of("10.1.0.0/23"));
    assertThat(shown.at("subnetpool", "ip_version")).isEqualTo(4);
    assertThat(shown.at("subnetpool", "min_prefixlen")).isEqualTo(8);
    assertThat(shown.at("subnetpool", "default_prefixlen")).isEqualTo(8);
    assertThat(shown.at("subnetpool", "max_prefixlen")).isEqualTo(32);
    assertThat(shown.at("subnetpool", "default_quota")).isNull();
    assertThat(shown.at("subnetpool", "shared")).isEqualTo(false);
    assertThat(shown.at("subnetpool", "is_default")).isEqualTo(false);
    assertThat(shown.at("subnetpool", "address_scope_id")).isNull();
    String six = pool("fd00:1::/48");
    assertThat(server.get("/subnetpools/" + six).at("subnetpool", "min_prefixlen")).isEqualTo(64);
    assertThat(server.get("/subnetpools/" + six).at("subnetpool", "max_prefixlen")).isEqualTo(128);
    assertThat(column(server.get("/subnetpools?ip_version=6"), "subnetpools", "id"))
        .contains(six)
        .doesNotContain(id);
  }

  @Test
  void cutsBlocksWhereTheyLeaveTheLeastOver() {
    String pool =
        pool(Map.of("prefixes", List.of("10.2.0.0/22", "10.3.0.0/26"), "default_prefixlen", 26));
    assertThat(cidr(subnet(Map.of("subnetpool_id", pool)))).isEqualTo("10.3.0.0/26");
    assertThat(cidr(subnet(Map.of("subnetpool_id", pool)))).isEqualTo("10.2.0.0/26");
    assertThat(cidr(subnet(Map.of("subnetpool_id", pool, "prefixlen", 24))))
        .isEqualTo("10.2.1.0/24");
    assertThat(cidr(subnet(Map.of("subnetpool_id", pool, "cidr", "10.2.0.128/25"))))
        .isEqualTo("10.2.0.128/25");
    assertThat(cidr(subnet(Map.of("subnetpool_id", pool)))).isEqualTo("10.2.0.64/26");
    Reply made = subnet(Map.of("subnetpool_id", pool, "prefixlen", 23));
    assertThat(cidr(made)).isEqualTo("10.2.2.0/23");
    assertThat(made.at("subnet", "subnetpool_id")).isEqualTo(pool);
    assertThat(made.at("subnet", "gateway_ip")).isEqualTo("10.2.2.1");
    assertThat(((Map<?, ?>) made.at("subnet")).keySet().stream().map(String::valueOf))
        .doesNotContain("prefixlen", "use_default_subnetpool");
    refused(
        subnet(Map.of("subnetpool_id", pool)), 409, "SubnetAllocationError", "prefix length 26");
    server.delete("/subnets/" + made.at("subnet", "id"));
    assertThat(cidr(subnet(Map.of("subnetpool_id", pool, "prefixlen", 24))))
        .as("what is removed is free again")
        .isEqualTo("10.2.2.0/24");
    refused(server.delete("/subnetpools/" + pool), 400, "SubnetPoolDeleteError", pool);
  }

  @Test
  void refusesBlocksThatItCannotGive() {
    String pool =
        pool(
            Map.of(
                "prefixes",
                List.of("10.4.0.0/16"),
                "min_prefixlen",
                20,
                "default_prefixlen",
                24,
                "max_prefixlen",
                28));
    refused(
        subnet(Map.of("subnetpool_id", pool, "prefixlen", 19)),
        400,
        "MinPrefixSubnetAllocationError",
        "19",
        "20");
    refused(
        subnet(Map.of("subnetpool_id", pool, "cidr", "10.4.0.0/29")),
        400,
        "MaxPrefixSubnetAllocationError",
        "29",
        "28");
    refused(
        subnet(Map.of("subnetpool_id", pool, "cidr", "10.5.0.0/24")),
        409,
        "SubnetAllocationError",
        "10.5.0.0/24");
    refused(
        subnet(Map.of("subnetpool_id", pool, "cidr", "10.4.0.0/24", "prefixlen", 24)),
        400,
        "BadRequest",
        "cidr",
        "prefixlen");
    refused(subnet(Map.of("prefixlen", 24)), 400, "BadRequest", "subnetpool", "cidr");
    refused(
        subnet(
            Map.of(
                "subnetpool_id",
                pool,
                "allocation_pools",
                List.of(Map.of("start", "10.4.0.2", "end", "10.4.0.3")))),
        400,
        "BadRequest",
        "allocation_pools");
    refused(
        subnet(Map.of("subnetpool_id", "11111111-2222-3333-4444-555555555555")),
        404,
        "SubnetPoolNotFound",
        "11111111");
    String six = pool("fd00:2::/48");
    refused(subnet(Map.of("subnetpool_id", six)), 400, "BadRequest", "ip_version", "IPv6");
  }

  @Test
  void oneDefaultPoolForEachVersion() {
    refused(subnet(Map.of("use_default_subnetpool", true)), 400, "BadRequest", "default", "IPv4");
    String pool =
        pool(
            Map.of(
                "prefixes", List.of("10.6.0.0/16"), "default_prefixlen", 24, "is_default", true));
    assertThat(cidr(subnet(Map.of("use_default_subnetpool", true)))).isEqualTo("10.6.0.0/24");
    refused(
        subnet(Map.of("use_default_subnetpool", true, "subnetpool_id", pool)),
        400,
        "BadRequest",
        "use_default_subnetpool");
    Map<String, Object> second =
        Map.of("name", "b", "prefixes", List.of("10.7.0.0/16"), "is_default", true);
    refused(
        server.post("/subnetpools", Map.of("subnetpool", second)),
        400,
        "InvalidInput",
        "default",
        "IPv4");
    String six = pool(Map.of("prefixes", List.of("fd00:6::/48"), "is_default", true));
    assertThat(server.get("/subnetpools/" + six).at("subnetpool", "is_default")).isEqualTo(true);
    assertThat(
            server
                .put("/subnetpools/" + pool, Map.of("subnetpool", Map.of("is_default", false)))
                .status())
        .isEqualTo(200);
    refused(subnet(Map.of("use_default_subnetpool", true)), 400, "BadRequest", "default");
    assertThat(server.post("/subnetpools", Map.of("subnetpool", second)).status())
        .as("the place is free again")
        .isEqualTo(201);
  }

  /** A project's own share, whoever owns the pool. */
  @Test
  void aProjectTakesNoMoreThanTheQuota() {
    String pool =
        pool(
            Map.of(
                "prefixes",
                List.of("10.8.0.0/16"),
                "default_prefixlen",
                24,
                "default_quota",
                600,
                "shared",
                true));
    assertThat(cidr(subnet(Map.of("subnetpool_id", pool), MEMBER))).isEqualTo("10.8.0.0/24");
    assertThat(cidr(subnet(Map.of("subnetpool_id", pool), MEMBER))).isEqualTo("10.8.1.0/24");
    refused(subnet(Map.of("subnetpool_id", pool), MEMBER), 409, "SubnetPoolQuotaExceeded", "quota");
    assertThat(cidr(subnet(Map.of("subnetpool_id", pool, "prefixlen", 26), MEMBER)))
        .isEqualTo("10.8.2.0/26");
    assertThat(cidr(subnet(Map.of("subnetpool_id", pool), OTHER))).isEqualTo("10.8.3.0/24");
  }

  @Test
  void prefixesOnlyGrowUnlessTheyAreTakenAwayByName() {
    String pool = pool(Map.of("prefixes", List.of("10.9.0.0/24"), "default_prefixlen", 25));
    Map<String, Object> less = Map.of("prefixes", List.of("10.9.0.0/25"));
    refused(
        server.put("/subnetpools/" + pool, Map.of("subnetpool", less)),
        400,
        "IllegalSubnetPoolPrefixUpdate",
        pool);
    Map<String, Object> more = Map.of("prefixes", List.of("10.9.0.0/24", "10.9.1.0/24"));
    assertThat(
            server
                .put("/subnetpools/" + pool, Map.of("subnetpool", more))
                .at("subnetpool", "prefixes"))
        .isEqualTo(List.of("10.9.0.0/23"));
    assertThat(
            server
                .put(
                    "/subnetpools/" + pool + "/add_prefixes",
                    Map.of("prefixes", List.of("10.9.4.0/24")))
                .json())
        .isEqualTo(Map.of("prefixes", List.of("10.9.0.0/23", "10.9.4.0/24")));
    assertThat(cidr(subnet(Map.of("subnetpool_id", pool, "prefixlen", 24))))
        .isEqualTo("10.9.4.0/24");
    refused(
        server.put(
            "/subnetpools/" + pool + "/remove_prefixes",
            Map.of("prefixes", List.of("10.9.4.0/25"))),
        400,
        "IllegalSubnetPoolPrefixUpdate",
        "10.9.4.0/25");
    assertThat(
            server
                .put(
                    "/subnetpools/" + pool + "/remove_prefixes",
                    Map.of("prefixes", List.of("10.9.1.0/24")))
                .json())
        .isEqualTo(Map.of("prefixes", List.of("10.9.0.0/24", "10.9.4.0/24")));
    refused(
        server.put(
            "/subnetpools/" + pool + "/add_prefixes", Map.of("prefixes", List.of("fd00:9::/64"))),
        400,
        "PrefixVersionMismatch",
        "IPv6");
    refused(
        server.put("/subnetpools/" + pool + "/add_prefixes", Map.of("prefixes", "x")),
        400,
        "HTTPBadRequest",
        "prefixes");
    refused(
        server.put("/subnetpools/" + pool + "/add_prefixes", Map.of("colour", "red")),
        400,
        "HTTPBadRequest",
        "colour");
  }

  @Test
  void takesInSubnetsThatAreThere() {
    String network = server.network("there");
    String subnet = server.subnet(network, "10.10.5.0/24");
    String pool = pool(Map.of("prefixes", List.of("10.10.0.0/24"), "default_prefixlen", 25));
    Reply onboarded =
        server.put(
            "/subnetpools/" + pool + "/onboard_network_subnets", Map.of("network_id", network));
    assertThat(onboarded.json()).isEqualTo(List.of(Map.of("id", subnet, "cidr", "10.10.5.0/24")));
    assertThat(server.get("/subnets/" + subnet).at("subnet", "subnetpool_id")).isEqualTo(pool);
    assertThat(server.get("/subnetpools/" + pool).at("subnetpool", "prefixes"))
        .isEqualTo(List.of("10.10.0.0/24", "10.10.5.0/24"));
    String again = server.network("again");
    server.subnet(again, "10.10.5.0/25");
    refused(
        server.put(
            "/subnetpools/" + pool + "/onboard_network_subnets", Map.of("network_id", again)),
        400,
        "IllegalSubnetPoolUpdate",
        "overlaps");
    refused(
        server.put(
            "/subnetpools/" + pool("10.11.0.0/16") + "/onboard_network_subnets",
            Map.of("network_id", network)),
        400,
        "IllegalSubnetPoolUpdate",
        "another pool");
    refused(
        server.put("/subnetpools/" + pool + "/onboard_network_subnets", Map.of()),
        400,
        "HTTPBadRequest",
        "network_id");
    String own = pool(Map.of("prefixes", List.of("10.12.0.0/16")), MEMBER);
    refused(
        server.put(
            "/subnetpools/" + own + "/onboard_network_subnets",
            Map.of("network_id", network),
            MEMBER),
        404,
        "NetworkNotFound",
        network);
  }

  @Test
  void subnetsOfOneVersionOnANetworkAreOfOnePool() {
    String network = server.network("one");
    String pool = pool(Map.of("prefixes", List.of("10.13.0.0/16"), "default_prefixlen", 24));
    cidr(subnet(Map.of("network_id", network, "subnetpool_id", pool)));
    cidr(subnet(Map.of("network_id", network, "subnetpool_id", pool)));
    refused(
        subnet(Map.of("network_id", network, "cidr", "10.14.0.0/24")),
        400,
        "NetworkSubnetPoolAffinityError");
    refused(
        subnet(
            Map.of("network_id", network, "prefixlen", 24, "subnetpool_id", pool("10.14.0.0/16"))),
        400,
        "NetworkSubnetPoolAffinityError");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "{'prefixes':[]}|400|EmptySubnetPoolPrefixList",
        "{'prefixes':['10.0.0.0/8','fd00::/48']}|400|PrefixVersionMismatch",
        "{'prefixes':['10.0.0.1/8']}|400|HTTPBadRequest",
        "{'prefixes':['10.0.0.0']}|400|HTTPBadRequest",
        "{'prefixes':['10.0.0.0/8'],'name':' '}|400|HTTPBadRequest",
        "{'prefixes':['10.0.0.0/8'],'max_prefixlen':33}|400|IllegalSubnetPoolPrefixBounds",
        "{'prefixes':['10.0.0.0/8'],'min_prefixlen':-1}|400|HTTPBadRequest",
        "{'prefixes':['10.0.0.0/8'],'min_prefixlen':24,'max_prefixlen':23}"
            + "|400|IllegalSubnetPoolPrefixBounds",
        "{'prefixes':['10.0.0.0/8'],'default_prefixlen':7}|400|IllegalSubnetPoolPrefixBounds",
        "{'prefixes':['10.0.0.0/8'],'default_prefixlen':29,'max_prefixlen':28}"
            + "|400|IllegalSubnetPoolPrefixBounds",
        "{'prefixes':['10.0.0.0/8'],'default_quota':-1}|400|HTTPBadRequest",
        "{'prefixes':['10.0.0.0/8'],'address_scope_id':'11111111-2222-3333-4444-555555555555'}"
            + "|404|AddressScopeNotFound",
        "{'prefixes':['10.0.0.0/8'],'ip_version':4}|400|HTTPBadRequest",
      })
  void refuses(String values, int status, String type) {
    String named = values.contains("'name'") ? values : values.replaceFirst("\\{", "{'name':'x',");
    Reply reply =
        server.send(
            "POST", "/v2.0/subnetpools", "{\"subnetpool\":" + named.replace('\'', '"') + "}");
    refused(reply, status, type);
  }

  @Test
  void othersSeeAndUseSharedPoolsOnly() {
    String own = pool(Map.of("prefixes", List.of("10.15.0.0/16")), MEMBER);
    String shared = pool(Map.of("prefixes", List.of("10.16.0.0/16"), "shared", true));
    assertThat(server.get("/subnetpools/" + own, OTHER).type()).isEqualTo("SubnetPoolNotFound");
    refused(
        subnet(Map.of("subnetpool_id", own, "prefixlen", 24), OTHER), 404, "SubnetPoolNotFound");
    assertThat(server.get("/subnetpools/" + shared, OTHER).at("subnetpool", "shared"))
        .isEqualTo(true);
    refused(
        server.put(
            "/subnetpools/" + shared + "/add_prefixes",
            Map.of("prefixes", List.of("10.17.0.0/16")),
            OTHER),
        403,
        "PolicyNotAuthorized");
    for (String attribute : List.of("shared", "is_default")) {
      for (boolean value : List.of(true, false)) {
        Map<String, Object> values =
            Map.of("name", "x", "prefixes", List.of("10.18.0.0/16"), attribute, value);
        Reply reply = server.post("/subnetpools", Map.of("subnetpool", values), MEMBER);
        if (value) {
          refused(reply, 403, "PolicyNotAuthorized", attribute);
        } else {
          assertThat(reply.status()).as("%s, the default: %s", attribute, reply).isEqualTo(201);
        }
      }
    }
  }
}
