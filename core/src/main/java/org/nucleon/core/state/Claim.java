package org.nucleon.core.state;

import java.util.Comparator;

/**
 * The right to a value that only one resource can have: an address in a subnet, a MAC in a network,
 * a VLAN on a physical network. Removing the owner removes the claim.
 *
 * @param kind what is claimed, such as {@code address}
 * @param scope within what it is unique, such as a subnet's id
 * @param value the value as text whose order is the order of values
 */
public record Claim(String kind, String scope, String value) implements Comparable<Claim> {

  private static final Comparator<Claim> ORDER =
      Comparator.comparing(Claim::kind).thenComparing(Claim::scope).thenComparing(Claim::value);

  @Override
  public int compareTo(Claim other) {
    return ORDER.compare(this, other);
  }
}
