package org.nucleon.securitygroup.api;

import java.util.List;
import org.nucleon.core.schema.InvalidValue;
import org.nucleon.core.schema.ValueType;
import org.nucleon.core.schema.Values;

/** The version of IP that a rule is about. */
public enum Ethertype {
  /** IPv4. */
  IPV4("IPv4", 4),
  /** IPv6. */
  IPV6("IPv6", 6);

  /** By name, in any case of letters. */
  static final ValueType<Ethertype> TYPE =
      new ValueType<>() {
        private final ValueType<Ethertype> names = Values.oneOf(Ethertype.class);

        @Override
        public Ethertype parse(Object json) throws InvalidValue {
          try {
            return names.parse(json);
          } catch (InvalidValue e) {
            throw InvalidValue.named(
                "SecurityGroupRuleInvalidEtherType",
                "Security group rule for ethertype %s not supported. Allowed values are %s."
                    .formatted(Values.quoted(json), List.of(values())));
          }
        }

        @Override
        public Object render(Ethertype value) {
          return value.toString();
        }

        @Override
        public String about() {
          return names.about();
        }
      };

  private final String text;
  private final int version;

  Ethertype(String text, int version) {
    this.text = text;
    this.version = version;
  }

  /** 4 or 6. */
  public int version() {
    return version;
  }

  @Override
  public String toString() {
    return text;
  }
}
