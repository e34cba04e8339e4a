package org.nucleon.host.ovsdb;

import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * One row before and after; never both null.
 *
 * @param table the row's table
 * @param uuid the row
 * @param before the row as it was; null if it is new
 * @param after the row as it is; null if it is gone
 */
public record RowChange(String table, UUID uuid, @Nullable Row before, @Nullable Row after) {}
