package org.nucleon.server;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.nucleon.server.LiveServer.Reply;

/** What is refused, with which status, exception name and words, and that it changes nothing. */
final class ApiErrorsTest {

  @TempDir static Path folder;
  static LiveServer server;
  static final Map<String, String> ids = new TreeMap<>();

  @BeforeAll
  static void start() {
    server = LiveServer.start(folder);
    ids.put("NONE", "11111111-2222-3333-4444-555555555555");
    String net = server.network("n");
    ids.put("NET", net);
    ids.put("SUBNET", server.subnet(net, "10.0.0.0/24"));
    ids.put(
        "PORT",
        server.port(net, "mac_address", "fa:16:3e:00:00:01", "fixed_ips", fixed("10.0.0.9")));
    String small = server.network("small");
    ids.put("SMALL", small);
    ids.put("SMALLSUB", server.subnet(small, "10.1.0.0/30"));
    server.port(small);
    ids.put("EMPTY", server.network("empty"));
    ids.put("GROUP", server.create("/security-groups", "security_group", Map.of("name", "g")));
    server.create(
        "/security-group-rules",
        "security_group_rule",
        Map.of("security_group_id", ids.get("GROUP"), "direction", "ingress", "protocol", "tcp"));
    Reply groups = server.get("/security-groups?name=default");
    ids.put("DEFAULT", (String) groups.at("security_groups", 0, "id"));
    ids.put("USED", server.create("/security-groups", "security_group", Map.of("name", "u")));
    server.port(net, "security_groups", java.util.List.of(ids.get("USED")));
    ids.put(
        "EXT", server.create("/networks", "network", Map.of("name", "e", "router:external", true)));
    server.subnet(ids.get("EXT"), "203.0.113.0/24");
    ids.put("ROUTER", server.create("/routers", "router", Map.of("name", "r")));
    Reply added =
        server.put(
            "/routers/" + ids.get("ROUTER") + "/add_router_interface",
            Map.of("subnet_id", ids.get("SUBNET")));
    ids.put("RPORT", String.valueOf(added.at("port_id")));
  }

  private static Object fixed(String ip) {
    return java.util.List.of(Map.of("ip_address", ip));
  }

  @AfterAll
  static void stop() {
    server.close();
  }

  private static String filled(String text) {
    String filled = text;
    for (Map.Entry<String, String> id : ids.entrySet()) {
      filled = filled.replace("{" + id.getKey() + "}", id.getValue());
    }
    return filled;
  }

  @ParameterizedTest(name = "{0} {1} {2} -> {3} {4}")
  @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = ROWS)
  void refuses(String method, String path, String body, int status, String type, String message) {
    long before = server.server().engine().picture().number();
    String json = body == null ? "" : filled(body).replace('\'', '"');
    Reply reply = server.send(method, "/v2.0" + filled(path), json);
    String expected = status + " " + (type == null ? reply.type() : type);
    assertThat(reply.status() + " " + reply.type()).as(reply.message()).isEqualTo(expected);
    assertThat(reply.type()).isNotEqualTo("no NeutronError");
    assertThat(reply.message()).contains(message == null ? "" : filled(message));
    assertThat(server.server().engine().picture().number()).isEqualTo(before);
  }

  private static final String ROWS =
      """
      # bodies
      POST | /networks | {'net':{}}                      | 400 | HTTPBadRequest | Unable to find
      POST | /networks | {'network':[]}                  | 400 | HTTPBadRequest | contains invalid data
      POST | /networks | [1]                             | 400 | HTTPBadRequest | invalid data
      POST | /networks | {'network':                     | 400 | HTTPBadRequest | invalid data
      POST | /networks | {'networks':[]}                 | 400 | HTTPBadRequest | Resources required
      POST | /networks | {'networks':[3]}                | 400 | HTTPBadRequest | invalid data
      POST | /networks | {'network':{'colour':'red'}}    | 400 | HTTPBadRequest | colour
      POST | /networks | {'network':{'id':'{NONE}'}}     | 400 | HTTPBadRequest | Attribute 'id' not allowed in POST
      POST | /networks | {'network':{'status':'DOWN'}}   | 400 | HTTPBadRequest | Attribute 'status' not allowed in POST
      POST | /networks | {'network':{'name':3}}          | 400 | HTTPBadRequest | name
      POST | /networks | {'network':{'admin_state_up':'maybe'}} | 400 | InvalidInput | admin_state_up
      POST | /networks | {'network':{'mtu':-1}}          | 400 | HTTPBadRequest | mtu
      POST | /networks | {'network':{'project_id':'a','tenant_id':'b'}} | 400 | HTTPBadRequest | do not match
      PUT  | /networks/{NET} | {'network':{'id':'{NONE}'}} | 400 | HTTPBadRequest | Cannot update read-only attribute id
      PUT  | /networks/{NET} | {'network':{'project_id':'x'}} | 400 | HTTPBadRequest | Cannot update read-only attribute project_id
      PUT  | /networks/{NET} | {'networks':[{}]}         | 400 | HTTPBadRequest | Bulk operation not supported
      # paths
      GET  | /nothing        | | 404 | HTTPNotFound | could not be found
      GET  | /networks/{NONE} | | 404 | NetworkNotFound | Network {NONE} could not be found.
      GET  | /networks/x     | | 404 | NetworkNotFound | Network x could not be found.
      GET  | /ports/{NET}    | | 404 | PortNotFound | {NET}
      GET  | /networks/{NET}/x | | 404 | HTTPNotFound | could not be found
      GET  | /networks/{NET}/x/y | | 404 | HTTPNotFound | could not be found
      PUT  | /networks | {'network':{}} | 405 | HTTPMethodNotAllowed | PUT
      POST | /networks/{NET} | {'network':{}} | 405 | HTTPMethodNotAllowed | POST
      PATCH | /networks/{NET} | {'network':{}} | 405 | HTTPMethodNotAllowed | PATCH
      DELETE | /ports/{NONE} | | 404 | PortNotFound | {NONE}
      DELETE | /subnets/{NONE} | | 404 | SubnetNotFound | {NONE}
      DELETE | /security-groups/{NONE} | | 404 | SecurityGroupNotFound | {NONE}
      DELETE | /security-group-rules/{NONE} | | 404 | SecurityGroupRuleNotFound | {NONE}
      GET  | /extensions/nothing | | 404 | ExtensionsNotFound | nothing
      # subnets (B.2)
      POST | /subnets | {'subnet':{'network_id':'{NET}','ip_version':4}} | 400 | BadRequest | cidr
      POST | /subnets | {'subnet':{'ip_version':4,'cidr':'10.2.0.0/24'}} | 400 | HTTPBadRequest | network_id
      POST | /subnets | {'subnet':{'network_id':'{NET}','cidr':'10.2.0.0/24','ip_version':5}} | 400 | HTTPBadRequest | ip_version
      POST | /subnets | {'subnet':{'network_id':'{NONE}','ip_version':4,'cidr':'10.2.0.0/24'}} | 404 | NetworkNotFound | {NONE}
      POST | /subnets | {'subnet':{'network_id':'{NET}','ip_version':4,'cidr':'10.0.0.128/25'}} | 400 | InvalidInput | overlap
      POST | /subnets | {'subnet':{'network_id':'{NET}','ip_version':4,'cidr':'0.0.0.0/0'}} | 400 | InvalidInput | 0.0.0.0/0
      POST | /subnets | {'subnet':{'network_id':'{NET}','ip_version':4,'cidr':'fd00::/64'}} | 400 | InvalidInput | ip_version
      POST | /subnets | {'subnet':{'network_id':'{NET}','ip_version':4,'cidr':'10.2.0.0'}} | 400 | HTTPBadRequest | cidr
      POST | /subnets | {'subnet':{'network_id':'{NET}','ip_version':4,'cidr':'10.2.0.0/31'}} | 400 | InvalidInput | DHCP
      POST | /subnets | {'subnet':{'network_id':'{NET}','ip_version':4,'cidr':'10.2.0.0/24','gateway_ip':'10.2.0.0'}} | 400 | InvalidInput | ateway
      POST | /subnets | {'subnet':{'network_id':'{NET}','ip_version':4,'cidr':'10.2.0.0/24','gateway_ip':'10.2.0.255'}} | 400 | InvalidInput | ateway
      POST | /subnets | {'subnet':{'network_id':'{NET}','ip_version':4,'cidr':'10.2.0.0/24','gateway_ip':'10.2.0.5','allocation_pools':[{'start':'10.2.0.2','end':'10.2.0.9'}]}} | 409 | GatewayConflictWithAllocationPools | 10.2.0.5
      POST | /subnets | {'subnet':{'network_id':'{NET}','ip_version':4,'cidr':'10.2.0.0/24','allocation_pools':[{'start':'10.2.0.9','end':'10.2.0.2'}]}} | 400 | InvalidAllocationPool | 10.2.0.9
      POST | /subnets | {'subnet':{'network_id':'{NET}','ip_version':4,'cidr':'10.2.0.0/24','allocation_pools':[{'start':'10.3.0.2','end':'10.3.0.9'}]}} | 400 | OutOfBoundsAllocationPool | 10.3.0.2
      POST | /subnets | {'subnet':{'network_id':'{NET}','ip_version':4,'cidr':'10.2.0.0/24','allocation_pools':[{'start':'10.2.0.0','end':'10.2.0.9'}]}} | 400 | OutOfBoundsAllocationPool | 10.2.0.0
      POST | /subnets | {'subnet':{'network_id':'{NET}','ip_version':4,'cidr':'10.2.0.0/24','allocation_pools':[{'start':'10.2.0.2','end':'10.2.0.9'},{'start':'10.2.0.9','end':'10.2.0.19'}]}} | 409 | OverlappingAllocationPools | 10.2.0.9
      POST | /subnets | {'subnet':{'network_id':'{NET}','ip_version':4,'cidr':'10.2.0.0/24','dns_nameservers':['10.0.0.1','10.0.0.2','10.0.0.3','10.0.0.4','10.0.0.5','10.0.0.6']}} | 400 | DNSNameServersExhausted | DNS
      POST | /subnets | {'subnet':{'network_id':'{NET}','ip_version':4,'cidr':'10.2.0.0/24','dns_nameservers':['ns.example.com']}} | 400 | | ns.example.com
      POST | /subnets | {'subnet':{'network_id':'{NET}','ip_version':4,'cidr':'10.2.0.0/24','dns_nameservers':['10.0.0.1','10.0.0.1']}} | 400 | HTTPBadRequest | Duplicate
      POST | /subnets | {'subnet':{'network_id':'{NET}','ip_version':4,'cidr':'10.2.0.0/24','dns_nameservers':['fd00::1']}} | 400 | InvalidInput | fd00::1
      POST | /subnets | {'subnet':{'network_id':'{NET}','ip_version':4,'cidr':'10.2.0.0/24','host_routes':[{'destination':'10.9.0.0/24'}]}} | 400 | HTTPBadRequest | host_routes
      POST | /subnets | {'subnet':{'network_id':'{NET}','ip_version':4,'cidr':'10.2.0.0/24','host_routes':[{'destination':'10.9.0.0/24','nexthop':'fd00::1'}]}} | 400 | InvalidInput | host_routes
      PUT  | /subnets/{SUBNET} | {'subnet':{'cidr':'10.2.0.0/24'}} | 400 | HTTPBadRequest | cidr
      PUT  | /subnets/{SUBNET} | {'subnet':{'gateway_ip':'10.0.0.77'}} | 409 | | 10.0.0
      DELETE | /subnets/{SUBNET} | | 409 | SubnetInUse | {SUBNET}
      # ports (B.4)
      POST | /ports | {'port':{}} | 400 | HTTPBadRequest | network_id
      POST | /ports | {'port':{'network_id':'{NONE}'}} | 404 | NetworkNotFound | {NONE}
      POST | /ports | {'port':{'network_id':'x'}} | 400 | HTTPBadRequest | network_id
      POST | /ports | {'port':{'network_id':'{NET}','mac_address':'fa:16:3e:00:00:01'}} | 409 | MacAddressInUse | fa:16:3e:00:00:01
      POST | /ports | {'port':{'network_id':'{NET}','mac_address':'00:00:00:00:00:00'}} | 400 | HTTPBadRequest | mac_address
      POST | /ports | {'port':{'network_id':'{NET}','mac_address':'fa:16'}} | 400 | HTTPBadRequest | mac_address
      POST | /ports | {'port':{'network_id':'{NET}','fixed_ips':[{'ip_address':'10.0.0.9'}]}} | 409 | IpAddressInUse | 10.0.0.9
      POST | /ports | {'port':{'network_id':'{NET}','fixed_ips':[{'subnet_id':'{SUBNET}','ip_address':'10.0.0.9'}]}} | 409 | IpAddressInUse | 10.0.0.9
      POST | /ports | {'port':{'network_id':'{NET}','fixed_ips':[{'ip_address':'10.7.0.9'}]}} | 400 | InvalidIpForNetwork | 10.7.0.9
      POST | /ports | {'port':{'network_id':'{NET}','fixed_ips':[{'subnet_id':'{SUBNET}','ip_address':'10.7.0.9'}]}} | 400 | InvalidIpForSubnet | 10.7.0.9
      POST | /ports | {'port':{'network_id':'{NET}','fixed_ips':[{'subnet_id':'{SUBNET}','ip_address':'10.0.0.0'}]}} | 400 | InvalidIpForSubnet | 10.0.0.0
      POST | /ports | {'port':{'network_id':'{NET}','fixed_ips':[{'subnet_id':'{SUBNET}','ip_address':'10.0.0.255'}]}} | 400 | InvalidIpForSubnet | 10.0.0.255
      POST | /ports | {'port':{'network_id':'{NET}','fixed_ips':[{'subnet_id':'{SMALLSUB}'}]}} | 400 | | {SMALLSUB}
      POST | /ports | {'port':{'network_id':'{NET}','fixed_ips':[{'subnet_id':'{NONE}'}]}} | 400 | InvalidInput | {NONE}
      POST | /ports | {'port':{'network_id':'{NET}','fixed_ips':[{}]}} | 400 | InvalidInput | subnet_id or ip_address
      POST | /ports | {'port':{'network_id':'{NET}','fixed_ips':[{'ip':'10.0.0.1'}]}} | 400 | InvalidInput | subnet_id or ip_address
      POST | /ports | {'port':{'network_id':'{NET}','fixed_ips':[{'ip_address':'10.0.0.21'},{'ip_address':'10.0.0.21'}]}} | 400 | | 10.0.0.21
      POST | /ports | {'port':{'network_id':'{SMALL}'}} | 409 | IpAddressGenerationFailure | {SMALL}
      POST | /ports | {'port':{'network_id':'{NET}','security_groups':['{NONE}']}} | 404 | SecurityGroupNotFound | {NONE}
      PUT  | /ports/{PORT} | {'port':{'network_id':'{EMPTY}'}} | 400 | HTTPBadRequest | network_id
      # removal (B.5)
      DELETE | /networks/{NET} | | 409 | NetworkInUse | {NET}
      DELETE | /security-groups/{USED} | | 409 | SecurityGroupInUse | {USED}
      # groups (B.8, B.9)
      POST | /security-groups | {'security_group':{'name':'default'}} | 409 | SecurityGroupDefaultAlreadyExists | efault
      PUT  | /security-groups/{DEFAULT} | {'security_group':{'name':'other'}} | 409 | SecurityGroupCannotUpdateDefault | efault
      PUT  | /security-groups/{GROUP} | {'security_group':{'name':'default'}} | 409 | SecurityGroupDefaultAlreadyExists | efault
      POST | /security-group-rules | {'security_group_rule':{'security_group_id':'{GROUP}','direction':'ingress','protocol':'tcp'}} | 409 | SecurityGroupRuleExists | Rule id is
      POST | /security-group-rules | {'security_group_rule':{'security_group_id':'{NONE}','direction':'ingress'}} | 404 | SecurityGroupNotFound | {NONE}
      POST | /security-group-rules | {'security_group_rule':{'security_group_id':'{GROUP}','direction':'sideways'}} | 400 | | direction
      POST | /security-group-rules | {'security_group_rule':{'security_group_id':'{GROUP}','direction':'ingress','protocol':'quic'}} | 400 | SecurityGroupRuleInvalidProtocol | quic
      POST | /security-group-rules | {'security_group_rule':{'security_group_id':'{GROUP}','direction':'ingress','protocol':'256'}} | 400 | SecurityGroupRuleInvalidProtocol | 256
      POST | /security-group-rules | {'security_group_rule':{'security_group_id':'{GROUP}','direction':'ingress','protocol':'tcp','port_range_min':9,'port_range_max':8}} | 400 | SecurityGroupInvalidPortRange |
      POST | /security-group-rules | {'security_group_rule':{'security_group_id':'{GROUP}','direction':'ingress','protocol':'tcp','port_range_min':0,'port_range_max':8}} | 400 | SecurityGroupInvalidPortValue | 0
      POST | /security-group-rules | {'security_group_rule':{'security_group_id':'{GROUP}','direction':'ingress','protocol':'tcp','port_range_max':65536}} | 400 | | 65536
      POST | /security-group-rules | {'security_group_rule':{'security_group_id':'{GROUP}','direction':'ingress','port_range_min':1,'port_range_max':2}} | 400 | SecurityGroupProtocolRequiredWithPorts |
      POST | /security-group-rules | {'security_group_rule':{'security_group_id':'{GROUP}','direction':'ingress','protocol':'vrrp','port_range_min':1,'port_range_max':2}} | 400 | |
      POST | /security-group-rules | {'security_group_rule':{'security_group_id':'{GROUP}','direction':'ingress','protocol':'icmp','port_range_min':256}} | 400 | SecurityGroupInvalidIcmpValue | 256
      POST | /security-group-rules | {'security_group_rule':{'security_group_id':'{GROUP}','direction':'ingress','protocol':'icmp','port_range_max':0}} | 400 | SecurityGroupMissingIcmpType | 0
      POST | /security-group-rules | {'security_group_rule':{'security_group_id':'{GROUP}','direction':'ingress','remote_group_id':'{GROUP}','remote_ip_prefix':'10.0.0.0/8'}} | 400 | SecurityGroupMultipleRemoteEntites |
      POST | /security-group-rules | {'security_group_rule':{'security_group_id':'{GROUP}','direction':'ingress','remote_group_id':'{NONE}'}} | 404 | SecurityGroupNotFound | {NONE}
      POST | /security-group-rules | {'security_group_rule':{'security_group_id':'{GROUP}','direction':'ingress','remote_ip_prefix':'fd00::/8'}} | 400 | SecurityGroupRuleParameterConflict | fd00::/8
      POST | /security-group-rules | {'security_group_rule':{'security_group_id':'{GROUP}','direction':'ingress','remote_ip_prefix':'10.0.0.0/33'}} | 400 | | 10.0.0.0/33
      PUT  | /ports/{PORT} | {'port':{'port_security_enabled':false}} | 409 | PortSecurityPortHasSecurityGroup |
      # lists
      GET  | /networks?colour=red | | 400 | HTTPBadRequest | colour
      GET  | /networks?limit=-1 | | 400 | BadRequest | limit
      GET  | /networks?limit=x | | 400 | BadRequest | limit
      GET  | /networks?sort_key=colour | | 400 | HTTPBadRequest | colour
      GET  | /networks?sort_key=name&sort_dir=up | | 400 | HTTPBadRequest | up
      GET  | /networks?sort_key=name&sort_key=id&sort_dir=asc | | 400 | HTTPBadRequest | sort_dirs
      GET  | /networks?limit=1&marker={NONE} | | 404 | NetworkNotFound | {NONE}
      GET  | /networks?admin_state_up=maybe | | 400 | InvalidInput | admin_state_up
      # routers and floating IPs (B.7)
      DELETE | /routers/{ROUTER} | | 409 | RouterInUse | {ROUTER}
      DELETE | /ports/{RPORT} | | 409 | | {RPORT}
      POST | /routers | {'router':{'external_gateway_info':{'network_id':'{NET}'}}} | 400 | BadRequest | {NET}
      POST | /routers | {'router':{'external_gateway_info':{'network_id':'{NONE}'}}} | 404 | NetworkNotFound | {NONE}
      PUT  | /routers/{ROUTER}/add_router_interface | {} | 400 | BadRequest |
      PUT  | /routers/{ROUTER}/add_router_interface | {'subnet_id':'{NONE}'} | 404 | SubnetNotFound | {NONE}
      PUT  | /routers/{ROUTER}/add_router_interface | {'subnet_id':'{SUBNET}'} | 400 | BadRequest | {SUBNET}
      PUT  | /routers/{ROUTER}/add_router_interface | {'port_id':'{PORT}','subnet_id':'{SUBNET}'} | 400 | BadRequest |
      PUT  | /routers/{ROUTER}/remove_router_interface | {'subnet_id':'{SMALLSUB}'} | 404 | RouterInterfaceNotFoundForSubnet | {SMALLSUB}
      PUT  | /routers/{ROUTER} | {'router':{'routes':[{'destination':'10.8.0.0/24','nexthop':'10.77.0.1'}]}} | 400 | InvalidRoutes | 10.77.0.1
      POST | /floatingips | {'floatingip':{}} | 400 | HTTPBadRequest | floating_network_id
      POST | /floatingips | {'floatingip':{'floating_network_id':'{NET}'}} | 400 | BadRequest | {NET}
      POST | /floatingips | {'floatingip':{'floating_network_id':'{EXT}','port_id':'{PORT}'}} | 404 | ExternalGatewayForFloatingIPNotFound | {PORT}
      POST | /floatingips | {'floatingip':{'floating_network_id':'{EXT}','floating_ip_address':'10.99.0.1'}} | 400 | | 10.99.0.1
      """;
}
