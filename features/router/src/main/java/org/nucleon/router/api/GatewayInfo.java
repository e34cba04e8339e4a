package org.nucleon.router.api;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;
import org.nucleon.core.schema.InvalidValue;
import org.nucleon.core.schema.JsonObject;
import org.nucleon.core.schema.ResourceType;
import org.nucleon.core.schema.ValueType;
import org.nucleon.core.schema.Values;
import org.nucleon.network.api.FixedIp;
import org.nucleon.network.api.Networks;

/**
 * A router's connection to an external network. In a request any part may be missing, all for no
 * gateway; a stored one has all.
 *
 * @param networkId the external network
 * @param enableSnat whether guests without a floating IP leave by the router's address
 * @param fixedIps the router's addresses there
 */
public record GatewayInfo(
    @Nullable UUID networkId, @Nullable Boolean enableSnat, @Nullable List<FixedIp> fixedIps) {

  /** {@code {"network_id": id, "enable_snat": bool, "external_fixed_ips": [...]}}. */
  static final ValueType<GatewayInfo> TYPE =
      new ValueType<>() {
        @Override
        public GatewayInfo parse(Object json) throws InvalidValue {
          JsonObject object =
              JsonObject.of(json, Set.of("network_id", "enable_snat", "external_fixed_ips"));
          if (json instanceof Map<?, ?> map && map.isEmpty()) {
            return new GatewayInfo(null, null, null);
          }
          return new GatewayInfo(
              object.required("network_id", Values.reference(Networks.NETWORK)),
              object.optional("enable_snat", Values.bool()),
              object.optional("external_fixed_ips", FixedIp.LIST));
        }

        @Override
        public Object render(GatewayInfo info) {
          Map<String, Object> json = new LinkedHashMap<>();
          json.put("network_id", String.valueOf(info.networkId()));
          json.put("enable_snat", info.snat());
          json.put("external_fixed_ips", FixedIp.LIST.render(info.addresses()));
          return json;
        }

        @Override
        public void references(GatewayInfo info, BiConsumer<ResourceType, UUID> consumer) {
          if (info.networkId() != null) {
            consumer.accept(Networks.NETWORK, info.networkId());
          }
          FixedIp.LIST.references(info.addresses(), consumer);
        }

        @Override
        public boolean isReference() {
          return true;
        }

        @Override
        public String about() {
          return "a gateway of network_id, enable_snat and external_fixed_ips";
        }

        @Override
        public Map<String, Object> schema() {
          return JsonObject.schema(
              Map.of(
                  "network_id",
                  Values.uuid(),
                  "enable_snat",
                  Values.bool(),
                  "external_fixed_ips",
                  FixedIp.LIST));
        }
      };

  /** Whether guests without a floating IP leave by the router's address; so unless switched off. */
  public boolean snat() {
    return enableSnat == null || enableSnat;
  }

  /** The router's addresses on the external network. */
  public List<FixedIp> addresses() {
    return fixedIps == null ? List.of() : fixedIps;
  }

  /** The same with other addresses. */
  public GatewayInfo with(List<FixedIp> addresses) {
    return new GatewayInfo(networkId, enableSnat, addresses);
  }

  /** The external network of a stored gateway. */
  public UUID network() {
    return java.util.Objects.requireNonNull(networkId);
  }
}
