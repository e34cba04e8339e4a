package org.nucleon.network.api;

import java.util.List;
import org.nucleon.core.schema.InvalidValue;
import org.nucleon.core.schema.ValueType;
import org.nucleon.core.schema.Values;

/** The form of the device owners that a subnet is for. */
final class ServiceType implements ValueType<String> {

  private static final List<String> PREFIXES = List.of("network:", "compute:", "neutron:");

  @Override
  public String parse(Object json) throws InvalidValue {
    if (!(json instanceof String text)) {
      throw InvalidValue.named(
          "InvalidInputSubnetServiceType",
          "Invalid input for service_types: " + Values.quoted(json) + " is not a string.");
    }
    if (text.length() > 255 || PREFIXES.stream().noneMatch(text::startsWith)) {
      throw InvalidValue.named(
          "InvalidSubnetServiceType",
          "Invalid input for service_types: "
              + Values.quoted(text)
              + " is no device owner that begins with one of "
              + PREFIXES
              + ".");
    }
    return text;
  }

  @Override
  public Object render(String value) {
    return value;
  }

  @Override
  public String about() {
    return "a device owner";
  }
}
