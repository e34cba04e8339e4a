/** Routers on a host. */
@NullMarked
package org.nucleon.router.agent;

import org.jspecify.annotations.NullMarked;
