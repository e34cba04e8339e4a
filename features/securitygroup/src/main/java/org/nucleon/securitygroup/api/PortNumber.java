package org.nucleon.securitygroup.api;

import org.nucleon.core.schema.InvalidValue;
import org.nucleon.core.schema.ValueType;
import org.nucleon.core.schema.Values;

/**
 * A port, or an ICMP type or code; refused by the name that clients know.
 *
 * @param attribute the attribute's name, for refusals
 */
record PortNumber(String attribute) implements ValueType<Integer> {

  private static final ValueType<Integer> NUMBER = Values.integer(0, 65_535);

  @Override
  public Integer parse(Object json) throws InvalidValue {
    try {
      return NUMBER.parse(json);
    } catch (InvalidValue e) {
      throw InvalidValue.named(
          "SecurityGroupInvalidPortValue",
          "Invalid value for port %s (%s): %s."
              .formatted(Values.quoted(json), attribute, e.getMessage()));
    }
  }

  @Override
  public Object render(Integer value) {
    return value;
  }

  @Override
  public String about() {
    return NUMBER.about();
  }
}
