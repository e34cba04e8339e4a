package org.nucleon.securitygroup.api;

import org.nucleon.core.net.IpAddress;
import org.nucleon.core.net.IpPrefix;
import org.nucleon.core.schema.InvalidValue;
import org.nucleon.core.schema.ValueType;
import org.nucleon.core.schema.Values;

/**
 * The addresses at the other end as a rule gives them: Neutron shows host bits as they were given,
 * and only {@code normalized_cidr} without.
 *
 * @param address the address given, host bits included
 * @param length prefix length in bits
 */
public record RemotePrefix(IpAddress address, int length) implements Comparable<RemotePrefix> {

  /** An address or a prefix; an address is its own /32 or /128. */
  public static final ValueType<RemotePrefix> TYPE =
      new ValueType<>() {
        private final ValueType<IpPrefix> prefix = Values.addressOrPrefix();

        @Override
        public RemotePrefix parse(Object json) throws InvalidValue {
          int length = prefix.parse(json).length();
          String text = (String) json;
          int slash = text.indexOf('/');
          return new RemotePrefix(
              IpAddress.parse(slash < 0 ? text : text.substring(0, slash)), length);
        }

        @Override
        public Object render(RemotePrefix value) {
          return value.toString();
        }

        @Override
        public String about() {
          return "an address or a prefix";
        }
      };

  /** Without host bits. */
  public static RemotePrefix of(IpPrefix prefix) {
    return new RemotePrefix(prefix.address(), prefix.length());
  }

  /** The network that the addresses are. */
  public IpPrefix prefix() {
    return IpPrefix.containing(address, length);
  }

  @Override
  public int compareTo(RemotePrefix other) {
    int byAddress = address.compareTo(other.address);
    return byAddress != 0 ? byAddress : Integer.compare(length, other.length);
  }

  @Override
  public String toString() {
    return address + "/" + length;
  }
}
