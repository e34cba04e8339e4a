/**
 * The packet filter of Linux by its own programs, iptables and ipset: they are what knows both of
 * the kernel's implementations, and what operators look at.
 */
@NullMarked
package org.nucleon.host.iptables;

import org.jspecify.annotations.NullMarked;
