/** Placing DHCP servers on hosts. */
@NullMarked
package org.nucleon.dhcp.server;

import org.jspecify.annotations.NullMarked;
