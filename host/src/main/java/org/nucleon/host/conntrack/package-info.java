/** The connections that the kernel tracks, by netlink (linux/netfilter/nfnetlink_conntrack.h). */
@NullMarked
package org.nucleon.host.conntrack;

import org.jspecify.annotations.NullMarked;
