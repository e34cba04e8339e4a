/**
 * nftables: a table as it should be, what the kernel has of it, the commands between the two, and
 * word of what others change. Only tables that are asked for by name are ever looked at. See
 * nft(8).
 */
@NullMarked
package org.nucleon.host.nftables;

import org.jspecify.annotations.NullMarked;
