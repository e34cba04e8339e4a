package org.nucleon.agent.device;

import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.nucleon.agent.api.Item;
import org.nucleon.host.nftables.Family;
import org.nucleon.host.nftables.NftTable;
import org.nucleon.host.nftables.TableState;

/**
 * The address translation of a namespace. The kernel does not give back what it was told, so that
 * items are equal if their tables are the same in the kernel.
 *
 * @param namespace where
 * @param state what the kernel has of the table
 * @param table the table to be applied; null in what was read
 */
public record NatItem(String namespace, TableState state, @Nullable NftTable table)
    implements Item {

  /** The name of the table, which is the mark. */
  public static final String TABLE = "nucleon";

  /** The table's family. */
  public static final Family FAMILY = Family.IP;

  /**
   * A table as it should be.
   *
   * @throws IllegalArgumentException if it does not carry the mark
   */
  public NatItem(String namespace, NftTable table) {
    this(namespace, table.state(), table);
    if (!table.name().equals(TABLE) || table.family() != FAMILY) {
      throw new IllegalArgumentException("not table ip nucleon: " + table.name());
    }
  }

  @Override
  public Object key() {
    return namespace;
  }

  @Override
  public boolean equals(@Nullable Object other) {
    return other instanceof NatItem item
        && namespace.equals(item.namespace)
        && state.equals(item.state);
  }

  @Override
  public int hashCode() {
    return Objects.hash(namespace, state);
  }
}
