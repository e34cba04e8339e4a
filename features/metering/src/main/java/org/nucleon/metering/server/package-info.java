/** What metering labels and their rules may be. */
@NullMarked
package org.nucleon.metering.server;

import org.jspecify.annotations.NullMarked;
