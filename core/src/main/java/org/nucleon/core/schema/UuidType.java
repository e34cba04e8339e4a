package org.nucleon.core.schema;

import java.util.Map;
import java.util.UUID;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;

/**
 * UUIDs in their usual text.
 *
 * @param target the type of the resources that they name; null for none
 */
record UuidType(@Nullable ResourceType target) implements ValueType<UUID> {
  @Override
  public UUID parse(Object json) throws InvalidValue {
    if (json instanceof String text && Values.isUuid(text)) {
      return UUID.fromString(text);
    }
    throw InvalidValue.because(Values.quoted(json) + " is not a valid UUID");
  }

  @Override
  public Object render(UUID value) {
    return value.toString();
  }

  @Override
  public void references(UUID value, BiConsumer<ResourceType, UUID> consumer) {
    if (target != null) {
      consumer.accept(target, value);
    }
  }

  @Override
  public boolean isReference() {
    return target != null;
  }

  @Override
  public String about() {
    return target == null ? "a UUID" : "the id of a " + target.name();
  }

  @Override
  public Map<String, Object> schema() {
    return Map.of("type", "string", "format", "uuid");
  }
}
