package org.nucleon.network.api;

import java.util.Map;
import java.util.UUID;
import java.util.function.BiConsumer;
import org.nucleon.core.schema.InvalidValue;
import org.nucleon.core.schema.ResourceType;
import org.nucleon.core.schema.ValueType;
import org.nucleon.core.schema.Values;

/**
 * The subnet pool of a subnet. Neutron takes a word as well, by which routers ask a provider for a
 * prefix (RFC 8415, 6.3); it is refused here, with what to do instead.
 */
record PoolReference(ValueType<UUID> id) implements ValueType<UUID> {

  private static final String PREFIX_DELEGATION = "prefix_delegation";

  PoolReference() {
    this(Values.reference(SubnetPools.SUBNETPOOL));
  }

  @Override
  public UUID parse(Object json) throws InvalidValue {
    if (PREFIX_DELEGATION.equals(json)) {
      throw InvalidValue.because(
          "IPv6 prefix delegation is not offered: name a subnet pool that has the provider's prefix,"
              + " or give the subnet its cidr");
    }
    return id.parse(json);
  }

  @Override
  public Object render(UUID value) {
    return id.render(value);
  }

  @Override
  public String about() {
    return id.about();
  }

  @Override
  public Map<String, Object> schema() {
    return id.schema();
  }

  @Override
  public void references(UUID value, BiConsumer<ResourceType, UUID> consumer) {
    id.references(value, consumer);
  }

  @Override
  public boolean isReference() {
    return id.isReference();
  }
}
