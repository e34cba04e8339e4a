/** DHCP servers on a host. */
@NullMarked
package org.nucleon.dhcp.agent;

import org.jspecify.annotations.NullMarked;
