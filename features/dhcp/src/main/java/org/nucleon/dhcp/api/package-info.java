/** What DHCP adds to networks. */
@NullMarked
package org.nucleon.dhcp.api;

import org.jspecify.annotations.NullMarked;
