/** Metering labels and their rules. */
@NullMarked
package org.nucleon.metering.api;

import org.jspecify.annotations.NullMarked;
