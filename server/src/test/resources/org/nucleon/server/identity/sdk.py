"""What users of openstacksdk do with each resource, unmodified, as a member and as an administrator."""
import openstack
from openstack import exceptions


def connect(user, project):
    return openstack.connect(load_yaml_config=False, username=user, project_name=project).network


def refused(status, call, *args, **kwargs):
    try:
        call(*args, **kwargs)
    except exceptions.HttpException as e:
        same(status, e.status_code)
        return
    raise AssertionError("%s was not refused by %s" % (call, status))


def same(expected, actual):
    assert expected == actual, "%r expected, %r found" % (expected, actual)


alice = connect("alice", "red")
bob = connect("bob", "blue")
admin = connect("admin", "admin")

net = alice.create_network(name="sdk", mtu=1400)
same("ACTIVE", net.status)
same(1400, net.mtu)
same("sdk", alice.find_network("sdk").name)
refused(404, bob.get_network, net.id)
refused(403, alice.create_network, name="x", provider_network_type="vlan")
alice.update_network(net, description="by the SDK")
same("by the SDK", alice.get_network(net.id).description)
alice.set_tags(net, ["red", "blue"])
same([net.id], [n.id for n in alice.networks(tags="red,blue")])

subnet = alice.create_subnet(network_id=net.id, ip_version=4, cidr="10.0.0.0/24", dns_nameservers=["9.9.9.9"])
same("10.0.0.1", subnet.gateway_ip)
alice.update_subnet(subnet, enable_dhcp=False)
same([subnet.id], [s.id for s in alice.subnets(network_id=net.id)])
refused(400, alice.create_subnet, network_id=net.id, ip_version=4, cidr="10.0.0.0/25")

ports = list(alice.create_ports([{"network_id": net.id, "name": "bulk%d" % i} for i in range(3)]))
same(3, len(ports))
port = ports[0]
same("DOWN", port.status)
alice.update_port(port, name="renamed")
same([port.id], [p.id for p in alice.ports(name="renamed")])
same([port.id], [p.id for p in alice.ports(fixed_ips="ip_address=" + port.fixed_ips[0]["ip_address"])])
first = next(alice.ports(limit=1, network_id=net.id))
assert first.id

group = alice.create_security_group(name="web")
rule = alice.create_security_group_rule(
    security_group_id=group.id, direction="ingress", protocol="tcp", port_range_min=80, port_range_max=81,
    remote_ip_prefix="192.0.2.0/24")
refused(409, alice.create_security_group_rule,
        security_group_id=group.id, direction="ingress", protocol="tcp", port_range_min=80, port_range_max=81,
        remote_ip_prefix="192.0.2.0/24")
alice.update_port(port, security_groups=[group.id])
refused(409, alice.delete_security_group, group)

ext = admin.create_network(name="ext", is_router_external=True)
admin.create_subnet(network_id=ext.id, ip_version=4, cidr="203.0.113.0/24", enable_dhcp=False)
router = alice.create_router(name="r", external_gateway_info={"network_id": ext.id})
alice.add_interface_to_router(router, subnet_id=subnet.id)
ip = alice.create_ip(floating_network_id=ext.id, port_id=port.id)
same(router.id, ip.router_id)
same(port.fixed_ips[0]["ip_address"], ip.fixed_ip_address)
alice.update_ip(ip, port_id=None)
alice.add_extra_routes_to_router(router, {"router": {"routes": [{"destination": "10.9.0.0/24", "nexthop": "10.0.0.9"}]}})
same(1, len(alice.get_router(router.id).routes))
alice.remove_extra_routes_from_router(
    router, {"router": {"routes": [{"destination": "10.9.0.0/24", "nexthop": "10.0.0.9"}]}})

scope = alice.create_address_scope(name="scope", ip_version=4)
pool = alice.create_subnet_pool(name="pool", prefixes=["10.64.0.0/16"], default_prefixlen=26, address_scope_id=scope.id)
pooled = alice.create_network(name="pooled")
same("10.64.0.0/26", alice.create_subnet(network_id=pooled.id, ip_version=4, subnet_pool_id=pool.id).cidr)
policy = alice.create_rbac_policy(
    object_type="network", object_id=pooled.id, action="access_as_shared",
    target_project_id=bob.session.get_project_id())
same("pooled", bob.find_network("pooled").name)
alice.delete_rbac_policy(policy)
same(None, bob.find_network("pooled"))

same(500, alice.get_quota(alice.session.get_project_id()).ports)
admin.update_quota(alice.session.get_project_id(), ports=501)
same(501, admin.get_quota(alice.session.get_project_id()).ports)
refused(403, alice.update_quota, alice.session.get_project_id(), ports=1000)
same([], list(admin.agents()))
assert "security-group" in [e.alias for e in alice.extensions()]
assert admin.get_network_ip_availability(net.id).total_ips > 200
label = admin.create_metering_label(name="m")
admin.create_metering_label_rule(metering_label_id=label.id, direction="ingress", source_ip_prefix="10.0.0.0/8")
admin.delete_metering_label(label)

alice.delete_ip(ip)
alice.remove_interface_from_router(router, subnet_id=subnet.id)
alice.delete_router(router)
for each in ports:
    alice.delete_port(each)
alice.delete_security_group_rule(rule)
alice.delete_security_group(group)
for network in (net, pooled):
    alice.delete_network(network)
alice.delete_subnet_pool(pool)
alice.delete_address_scope(scope)
admin.delete_network(ext)
refused(404, alice.get_network, net.id)
print("all well")
