package org.nucleon.network.api;

import static org.nucleon.core.schema.Operation.CREATE;
import static org.nucleon.core.schema.Operation.UPDATE;

import java.util.Objects;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.nucleon.core.resource.Resource;
import org.nucleon.core.resource.View;
import org.nucleon.core.schema.Attribute;
import org.nucleon.core.schema.Catalog;
import org.nucleon.core.schema.Extension;
import org.nucleon.core.schema.ResourceType;
import org.nucleon.core.schema.ResourceType.StandardAttributes;
import org.nucleon.core.schema.Standard;
import org.nucleon.core.schema.Values;

/** Address scopes: where addresses are unique, so that they are routed without translation. */
public final class AddressScopes {

  /** An address scope. */
  public static final ResourceType ADDRESS_SCOPE =
      ResourceType.of(
              "address_scope",
              "address_scopes",
              "Subnet pools whose addresses are unique together.")
          .with(StandardAttributes.NONE);

  /** Address scopes. */
  public static final Extension EXTENSION =
      new Extension(
          "address-scope",
          "Address scope",
          "Subnet pools whose addresses are unique together.",
          "2015-07-26T10:00:00-00:00");

  /** For people. */
  public static final Attribute<String> NAME = Standard.name(ADDRESS_SCOPE);

  /** 4 or 6. */
  public static final Attribute<Integer> IP_VERSION =
      Attribute.of(ADDRESS_SCOPE, "ip_version", Values.ipVersion())
          .about("The version of IP of its subnet pools.")
          .setOn(CREATE)
          .required()
          .filter()
          .sort();

  /** Whether other projects can put their subnet pools into it. */
  public static final Attribute<Boolean> SHARED =
      RbacPolicies.shared(ADDRESS_SCOPE).setOn(CREATE, UPDATE);

  /** The scope of a network's IPv4 addresses. */
  static final Attribute<UUID> OF_NETWORK_4 = ofNetwork("ipv4_address_scope", 4);

  /** The scope of a network's IPv6 addresses. */
  static final Attribute<UUID> OF_NETWORK_6 = ofNetwork("ipv6_address_scope", 6);

  private AddressScopes() {}

  private static Attribute<UUID> ofNetwork(String name, int version) {
    return Attribute.of(Networks.NETWORK, name, Values.uuid())
        .about("The address scope of its IPv" + version + " subnets.")
        .extension(EXTENSION)
        .derived((view, network) -> ofNetwork(view, network, version));
  }

  private static @Nullable UUID ofNetwork(View view, Resource network, int version) {
    return view.list(Subnets.NETWORK_ID, network.id()).stream()
        .filter(subnet -> subnet.get(Subnets.IP_VERSION) == version)
        .map(subnet -> subnet.value(Subnets.POOL_ID))
        .filter(Objects::nonNull)
        .map(pool -> view.get(SubnetPools.SUBNETPOOL, pool).value(SubnetPools.ADDRESS_SCOPE_ID))
        .filter(Objects::nonNull)
        .findFirst()
        .orElse(null);
  }

  static void declare(Catalog.Builder catalog) {
    catalog
        .extension(EXTENSION)
        .declare(ADDRESS_SCOPE, NAME, IP_VERSION, SHARED)
        .extend(Networks.NETWORK, OF_NETWORK_4, OF_NETWORK_6)
        .quota(ADDRESS_SCOPE, -1)
        .policy("shared_address_scopes", "field:address_scopes:shared=True")
        .policy("get_address_scope", "rule:admin_or_project_reader or rule:shared_address_scopes");
  }
}
