package org.nucleon.core.state;

/**
 * The right to a value that only one resource can have: an address in a subnet, a MAC in a network,
 * a VLAN on a physical network. Removing the owner removes the claim.
 *
 * @param kind what is claimed, such as {@code address}
 * @param scope within what it is unique, such as a subnet's id
 * @param value the value as text whose order is the order of values
 */
public record Claim(String kind, String scope, String value) implements Comparable<Claim> {

  /** Written out: starting with many claims is for a good part comparing them. */
  @Override
  public int compareTo(Claim other) {
    int order = kind.compareTo(other.kind);
    if (order == 0) {
      order = scope.compareTo(other.scope);
    }
    return order == 0 ? value.compareTo(other.value) : order;
  }
}
