package org.nucleon.network.api;

import static org.nucleon.core.schema.InvalidValue.because;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.function.BiConsumer;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;
import org.nucleon.core.net.IpAddress;
import org.nucleon.core.schema.InvalidValue;
import org.nucleon.core.schema.JsonObject;
import org.nucleon.core.schema.ResourceType;
import org.nucleon.core.schema.ValueType;
import org.nucleon.core.schema.Values;

/**
 * An address of a port. In a request either part may be missing; a stored one has both.
 *
 * @param subnetId the subnet it is of
 * @param address the address
 */
public record FixedIp(@Nullable UUID subnetId, @Nullable IpAddress address) {

  private static final String SUBSTRING = "ip_address_substr=";

  /** The subnet of a stored fixed IP. */
  public UUID subnet() {
    return java.util.Objects.requireNonNull(subnetId);
  }

  /** The address of a stored fixed IP. */
  public IpAddress ip() {
    return java.util.Objects.requireNonNull(address);
  }

  /**
   * {@code {"subnet_id": id, "ip_address": address}}; other members are ignored, as Neutron does.
   */
  static final ValueType<FixedIp> ONE =
      new ValueType<>() {
        @Override
        public FixedIp parse(Object json) throws InvalidValue {
          if (!(json instanceof Map<?, ?> map)) {
            throw because("Invalid data format for fixed IP: " + Values.quoted(json));
          }
          Object subnet = map.get("subnet_id");
          Object address = map.get("ip_address");
          return new FixedIp(
              subnet == null ? null : Values.reference(Subnets.SUBNET).parse(subnet),
              address == null ? null : Values.ip().parse(address));
        }

        @Override
        public Object render(FixedIp fixedIp) {
          Map<String, Object> json = new LinkedHashMap<>();
          json.put("subnet_id", String.valueOf(fixedIp.subnetId()));
          json.put("ip_address", String.valueOf(fixedIp.address()));
          return json;
        }

        @Override
        public FixedIp parseFilter(String text) throws InvalidValue {
          int equals = text.indexOf('=');
          String key = equals < 0 ? "" : text.substring(0, equals);
          String value = text.substring(equals + 1);
          return switch (key) {
            case "ip_address" -> new FixedIp(null, Values.ip().parse(value));
            case "subnet_id" -> new FixedIp(Values.uuid().parse(value), null);
            default ->
                throw InvalidValue.named(
                    "HTTPBadRequest",
                    "Invalid input for fixed_ips. Reason: "
                        + Values.quoted(text)
                        + " is none of ip_address=ADDRESS, ip_address_substr=PART and"
                        + " subnet_id=ID.");
          };
        }

        @Override
        public boolean matches(@Nullable FixedIp value, FixedIp wanted) {
          return value != null
              && (wanted.address() == null || wanted.address().equals(value.address()))
              && (wanted.subnetId() == null || wanted.subnetId().equals(value.subnetId()));
        }

        @Override
        public void references(FixedIp value, BiConsumer<ResourceType, UUID> consumer) {
          if (value.subnetId() != null) {
            consumer.accept(Subnets.SUBNET, value.subnetId());
          }
        }

        @Override
        public boolean isReference() {
          return true;
        }

        @Override
        public String about() {
          return "a fixed IP of subnet_id and ip_address";
        }

        @Override
        public Map<String, Object> schema() {
          return JsonObject.schema(Map.of("subnet_id", Values.uuid(), "ip_address", Values.ip()));
        }
      };

  /** A port's list of addresses, none twice. */
  public static final ValueType<List<FixedIp>> LIST =
      new ValueType<>() {
        private final ValueType<List<FixedIp>> list = Values.list(ONE, 64, "fixed IP");

        @Override
        public List<FixedIp> parse(Object json) throws InvalidValue {
          if (!(json instanceof List<?> items)) {
            throw because("Invalid data format for fixed IP: " + Values.quoted(json));
          }
          if (items.size() > 64) {
            throw because("a port has at most 64 fixed IPs");
          }
          List<FixedIp> parsed = new java.util.ArrayList<>();
          for (Object item : items) {
            FixedIp one = ONE.parse(item == null ? "null" : item);
            if (one.address() != null
                && parsed.stream().anyMatch(p -> one.address().equals(p.address()))) {
              throw because("Duplicate IP address '" + one.address() + "'");
            }
            parsed.add(one);
          }
          return List.copyOf(parsed);
        }

        @Override
        public Object render(List<FixedIp> value) {
          return list.render(value);
        }

        @Override
        public Map<String, Object> schema() {
          return list.schema();
        }

        @Override
        public List<FixedIp> parseFilter(String text) throws InvalidValue {
          return list.parseFilter(text);
        }

        @Override
        public boolean matches(@Nullable List<FixedIp> value, List<FixedIp> wanted) {
          return list.matches(value, wanted);
        }

        @Override
        public Optional<Predicate<@Nullable List<FixedIp>>> asks(String text) {
          if (!text.startsWith(SUBSTRING)) {
            return Optional.empty();
          }
          String part = text.substring(SUBSTRING.length());
          return Optional.of(value ->
              value != null && value.stream().anyMatch(f -> f.ip().toString().contains(part)));
        }

        /**
         * Addresses are alternatives, subnets are alternatives, and both are asked for together.
         */
        @Override
        public boolean matchesAny(@Nullable List<FixedIp> value, List<List<FixedIp>> wanted) {
          List<FixedIp> all = wanted.stream().flatMap(List::stream).toList();
          List<FixedIp> addresses = all.stream().filter(w -> w.address() != null).toList();
          List<FixedIp> subnets = all.stream().filter(w -> w.address() == null).toList();
          return value != null
              && value.stream().anyMatch(v -> any(v, addresses) && any(v, subnets));
        }

        private boolean any(FixedIp value, List<FixedIp> wanted) {
          return wanted.isEmpty() || wanted.stream().anyMatch(w -> ONE.matches(value, w));
        }

        @Override
        public void references(List<FixedIp> value, BiConsumer<ResourceType, UUID> consumer) {
          list.references(value, consumer);
        }

        @Override
        public boolean isReference() {
          return true;
        }

        @Override
        public String about() {
          return list.about();
        }
      };
}
