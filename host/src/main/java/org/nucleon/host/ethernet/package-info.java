/** Addresses of links and of the internet protocols, and frames that announce them. */
@NullMarked
package org.nucleon.host.ethernet;

import org.jspecify.annotations.NullMarked;
