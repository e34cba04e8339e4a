// What users of gophercloud do with each resource, unmodified, as a member and as an administrator.
package main

import (
	"fmt"
	"os"
	"reflect"

	"github.com/gophercloud/gophercloud"
	"github.com/gophercloud/gophercloud/openstack"
	"github.com/gophercloud/gophercloud/openstack/networking/v2/extensions/agents"
	"github.com/gophercloud/gophercloud/openstack/networking/v2/extensions/attributestags"
	"github.com/gophercloud/gophercloud/openstack/networking/v2/extensions/external"
	"github.com/gophercloud/gophercloud/openstack/networking/v2/extensions/layer3/floatingips"
	"github.com/gophercloud/gophercloud/openstack/networking/v2/extensions/layer3/routers"
	"github.com/gophercloud/gophercloud/openstack/networking/v2/extensions/networkipavailabilities"
	"github.com/gophercloud/gophercloud/openstack/networking/v2/extensions/quotas"
	"github.com/gophercloud/gophercloud/openstack/networking/v2/extensions/rbacpolicies"
	"github.com/gophercloud/gophercloud/openstack/networking/v2/extensions/security/groups"
	"github.com/gophercloud/gophercloud/openstack/networking/v2/extensions/security/rules"
	"github.com/gophercloud/gophercloud/openstack/networking/v2/extensions/subnetpools"
	"github.com/gophercloud/gophercloud/openstack/networking/v2/networks"
	"github.com/gophercloud/gophercloud/openstack/networking/v2/ports"
	"github.com/gophercloud/gophercloud/openstack/networking/v2/subnets"
	"github.com/gophercloud/gophercloud/pagination"
)

var no, yes = false, true

func connect(user, project string) (*gophercloud.ServiceClient, string) {
	provider, err := openstack.AuthenticatedClient(gophercloud.AuthOptions{
		IdentityEndpoint: os.Getenv("OS_AUTH_URL"),
		Username:         user,
		Password:         os.Getenv("OS_PASSWORD"),
		TenantName:       project,
		DomainID:         "default",
	})
	well(err)
	client, err := openstack.NewNetworkV2(provider, gophercloud.EndpointOpts{Region: "RegionOne"})
	well(err)
	var token struct {
		Project struct {
			ID string `json:"id"`
		} `json:"project"`
	}
	_, err = provider.Request("GET", os.Getenv("OS_AUTH_URL")+"/auth/tokens", &gophercloud.RequestOpts{
		MoreHeaders:  map[string]string{"X-Subject-Token": provider.Token()},
		JSONResponse: &struct{ Token interface{} }{&token},
	})
	well(err)
	return client, token.Project.ID
}

func well(err error) {
	if err != nil {
		panic(err)
	}
}

func same(expected, actual interface{}) {
	if !reflect.DeepEqual(expected, actual) {
		panic(fmt.Sprintf("%#v expected, %#v found", expected, actual))
	}
}

func notFound(err error) {
	if _, is := err.(gophercloud.ErrDefault404); !is {
		panic(fmt.Sprintf("404 expected: %v", err))
	}
}

func conflict(err error) {
	if _, is := err.(gophercloud.ErrDefault409); !is {
		panic(fmt.Sprintf("409 expected: %v", err))
	}
}

func everything(page pagination.Page, err error) pagination.Page {
	well(err)
	return page
}

func main() {
	alice, red := connect("alice", "red")
	bob, blue := connect("bob", "blue")
	admin, _ := connect("admin", "admin")

	network, err := networks.Create(alice, networks.CreateOpts{Name: "gopher", AdminStateUp: &yes}).Extract()
	well(err)
	same("ACTIVE", network.Status)
	same(red, network.ProjectID)
	description := "by gophercloud"
	network, err = networks.Update(alice, network.ID, networks.UpdateOpts{Description: &description}).Extract()
	well(err)
	same(description, network.Description)
	_, err = networks.Get(bob, network.ID).Extract()
	notFound(err)

	set, err := attributestags.ReplaceAll(alice, "networks", network.ID,
		attributestags.ReplaceAllOpts{Tags: []string{"red", "blue"}}).Extract()
	well(err)
	same([]string{"red", "blue"}, set)
	well(attributestags.Add(alice, "networks", network.ID, "green").ExtractErr())
	found, err := attributestags.Confirm(alice, "networks", network.ID, "green").Extract()
	well(err)
	same(true, found)
	well(attributestags.Delete(alice, "networks", network.ID, "green").ExtractErr())
	tagged, err := networks.ExtractNetworks(everything(
		networks.List(alice, networks.ListOpts{Tags: "red,blue"}).AllPages()))
	well(err)
	same(1, len(tagged))
	same([]string{"blue", "red"}, sorted(tagged[0].Tags))

	subnet, err := subnets.Create(alice, subnets.CreateOpts{
		NetworkID: network.ID, IPVersion: gophercloud.IPv4, CIDR: "10.0.0.0/24",
		DNSNameservers:  []string{"9.9.9.9"},
		AllocationPools: []subnets.AllocationPool{{Start: "10.0.0.10", End: "10.0.0.99"}},
	}).Extract()
	well(err)
	same("10.0.0.1", subnet.GatewayIP)
	routes := []subnets.HostRoute{{DestinationCIDR: "10.7.0.0/24", NextHop: "10.0.0.7"}}
	subnet, err = subnets.Update(alice, subnet.ID,
		subnets.UpdateOpts{HostRoutes: &routes, EnableDHCP: &no}).Extract()
	well(err)
	same(routes, subnet.HostRoutes)
	same(false, subnet.EnableDHCP)

	var made []*ports.Port
	for i := 0; i < 3; i++ {
		port, err := ports.Create(alice, ports.CreateOpts{
			NetworkID: network.ID, Name: fmt.Sprintf("p%d", i),
			FixedIPs: []ports.IP{{SubnetID: subnet.ID, IPAddress: fmt.Sprintf("10.0.0.%d", 20+i)}},
		}).Extract()
		well(err)
		same("DOWN", port.Status)
		made = append(made, port)
	}
	pages := 0
	well(ports.List(alice, ports.ListOpts{NetworkID: network.ID, Limit: 1}).EachPage(
		func(page pagination.Page) (bool, error) {
			pages++
			some, err := ports.ExtractPorts(page)
			same(1, len(some))
			return true, err
		}))
	same(3, pages)
	byAddress, err := ports.ExtractPorts(everything(ports.List(alice,
		ports.ListOpts{FixedIPs: []ports.FixedIPOpts{{IPAddress: "10.0.0.21"}}}).AllPages()))
	well(err)
	same(made[1].ID, byAddress[0].ID)

	group, err := groups.Create(alice, groups.CreateOpts{Name: "web", Description: "d"}).Extract()
	well(err)
	same(2, len(group.Rules))
	rule := rules.CreateOpts{
		Direction: rules.DirIngress, EtherType: rules.EtherType4, SecGroupID: group.ID,
		Protocol: rules.ProtocolTCP, PortRangeMin: 80, PortRangeMax: 81, RemoteIPPrefix: "192.0.2.0/24",
	}
	web, err := rules.Create(alice, rule).Extract()
	well(err)
	_, err = rules.Create(alice, rule).Extract()
	conflict(err)
	pairs := []ports.AddressPair{{IPAddress: "10.0.0.200"}}
	port, err := ports.Update(alice, made[0].ID,
		ports.UpdateOpts{SecurityGroups: &[]string{group.ID}, AllowedAddressPairs: &pairs}).Extract()
	well(err)
	same([]string{group.ID}, port.SecurityGroups)
	same("10.0.0.200", port.AllowedAddressPairs[0].IPAddress)
	conflict(groups.Delete(alice, group.ID).ExtractErr())

	outside, err := networks.Create(admin, external.CreateOptsExt{
		CreateOptsBuilder: networks.CreateOpts{Name: "outside"}, External: &yes,
	}).Extract()
	well(err)
	_, err = subnets.Create(admin, subnets.CreateOpts{
		NetworkID: outside.ID, IPVersion: gophercloud.IPv4, CIDR: "203.0.113.0/24", EnableDHCP: &no,
	}).Extract()
	well(err)
	router, err := routers.Create(alice, routers.CreateOpts{
		Name: "r", GatewayInfo: &routers.GatewayInfo{NetworkID: outside.ID},
	}).Extract()
	well(err)
	same(outside.ID, router.GatewayInfo.NetworkID)
	plugged, err := routers.AddInterface(alice, router.ID, routers.AddInterfaceOpts{SubnetID: subnet.ID}).Extract()
	well(err)
	same(subnet.ID, plugged.SubnetID)
	router, err = routers.Update(alice, router.ID,
		routers.UpdateOpts{Routes: []routers.Route{{DestinationCIDR: "10.9.0.0/24", NextHop: "10.0.0.9"}}}).Extract()
	well(err)
	same(1, len(router.Routes))
	router, err = routers.Update(alice, router.ID, routers.UpdateOpts{Routes: []routers.Route{}}).Extract()
	well(err)
	same(0, len(router.Routes))
	router, err = routers.Update(alice, router.ID, routers.UpdateOpts{Name: "renamed"}).Extract()
	well(err)
	same("renamed", router.Name)

	ip, err := floatingips.Create(alice, floatingips.CreateOpts{FloatingNetworkID: outside.ID, PortID: port.ID}).Extract()
	well(err)
	same(router.ID, ip.RouterID)
	same("10.0.0.20", ip.FixedIP)
	nothing := ""
	ip, err = floatingips.Update(alice, ip.ID, floatingips.UpdateOpts{PortID: &nothing}).Extract()
	well(err)
	same("", ip.PortID)
	ip, err = floatingips.Update(alice, ip.ID, floatingips.UpdateOpts{PortID: &port.ID, FixedIP: "10.0.0.20"}).Extract()
	well(err)
	same(port.ID, ip.PortID)
	conflict(routers.Delete(alice, router.ID).ExtractErr())

	pool, err := subnetpools.Create(alice, subnetpools.CreateOpts{
		Name: "pool", Prefixes: []string{"10.64.0.0/16"}, DefaultPrefixLen: 26,
	}).Extract()
	well(err)
	same(26, pool.DefaultPrefixLen)
	pooled, err := networks.Create(alice, networks.CreateOpts{Name: "pooled"}).Extract()
	well(err)
	cut, err := subnets.Create(alice, subnets.CreateOpts{
		NetworkID: pooled.ID, IPVersion: gophercloud.IPv4, SubnetPoolID: pool.ID,
	}).Extract()
	well(err)
	same("10.64.0.0/26", cut.CIDR)
	pool, err = subnetpools.Update(alice, pool.ID,
		subnetpools.UpdateOpts{Prefixes: []string{"10.64.0.0/16", "10.65.0.0/16"}}).Extract()
	well(err)
	same([]string{"10.64.0.0/15"}, pool.Prefixes)

	policy, err := rbacpolicies.Create(alice, rbacpolicies.CreateOpts{
		Action: rbacpolicies.ActionAccessShared, ObjectType: "network", ObjectID: pooled.ID, TargetTenant: blue,
	}).Extract()
	well(err)
	seen, err := networks.Get(bob, pooled.ID).Extract()
	well(err)
	same(true, seen.Shared)
	policies, err := rbacpolicies.ExtractRBACPolicies(everything(
		rbacpolicies.List(alice, rbacpolicies.ListOpts{ObjectID: pooled.ID}).AllPages()))
	well(err)
	same(1, len(policies))
	well(rbacpolicies.Delete(alice, policy.ID).ExtractErr())
	_, err = networks.Get(bob, pooled.ID).Extract()
	notFound(err)

	quota, err := quotas.Get(alice, red).Extract()
	well(err)
	same(10, quota.Router)
	quota, err = quotas.Update(admin, red, quotas.UpdateOpts{Router: gophercloud.IntToPointer(11)}).Extract()
	well(err)
	same(11, quota.Router)

	free, err := networkipavailabilities.Get(admin, network.ID).Extract()
	well(err)
	same("gopher", free.NetworkName)
	none, err := agents.ExtractAgents(everything(agents.List(admin, agents.ListOpts{}).AllPages()))
	well(err)
	same(0, len(none))

	well(floatingips.Delete(alice, ip.ID).ExtractErr())
	_, err = routers.RemoveInterface(alice, router.ID, routers.RemoveInterfaceOpts{SubnetID: subnet.ID}).Extract()
	well(err)
	well(routers.Delete(alice, router.ID).ExtractErr())
	for _, port := range made {
		well(ports.Delete(alice, port.ID).ExtractErr())
	}
	well(rules.Delete(alice, web.ID).ExtractErr())
	well(groups.Delete(alice, group.ID).ExtractErr())
	well(subnets.Delete(alice, cut.ID).ExtractErr())
	well(networks.Delete(alice, pooled.ID).ExtractErr())
	well(subnetpools.Delete(alice, pool.ID).ExtractErr())
	well(networks.Delete(alice, network.ID).ExtractErr())
	well(networks.Delete(admin, outside.ID).ExtractErr())
	_, err = subnets.Get(alice, subnet.ID).Extract()
	notFound(err)
	fmt.Println("all well")
}

func sorted(words []string) []string {
	if len(words) == 2 && words[0] > words[1] {
		return []string{words[1], words[0]}
	}
	return words
}
