package org.nucleon.core.state;

import java.util.Objects;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.nucleon.core.resource.Resource;
import org.nucleon.core.schema.Attribute;
import org.nucleon.core.schema.ResourceType;

/**
 * One resource made, changed or removed.
 *
 * @param type the resource's type
 * @param id the resource's id
 * @param before as it was, null if it is new
 * @param after as it is, null if it is gone
 */
public record Change(
    ResourceType type, UUID id, @Nullable Resource before, @Nullable Resource after) {

  /** Refuses a change of nothing to nothing. */
  public Change {
    if (before == null && after == null) {
      throw new IllegalArgumentException("neither before nor after");
    }
  }

  /** Whether an attribute has another value than before; of what is new or gone each has. */
  public boolean isOf(Attribute<?> attribute) {
    return before == null
        || after == null
        || !Objects.equals(before.value(attribute), after.value(attribute));
  }
}
