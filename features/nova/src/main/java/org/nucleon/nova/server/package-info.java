/** Tells Nova what becomes of the ports of its servers, by its os-server-external-events. */
@NullMarked
package org.nucleon.nova.server;

import org.jspecify.annotations.NullMarked;
