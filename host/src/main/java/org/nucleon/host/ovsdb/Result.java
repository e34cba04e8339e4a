package org.nucleon.host.ovsdb;

import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * What one operation of a transaction answered.
 *
 * @param count how many rows an update, mutation or deletion found; otherwise 0
 * @param uuid the row that an insert made; otherwise null
 * @param rows what a select found; otherwise empty
 */
public record Result(long count, @Nullable UUID uuid, List<Row> rows) {}
