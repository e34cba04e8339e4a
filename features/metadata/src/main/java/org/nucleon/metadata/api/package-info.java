/** The metadata service, as the rest of the system knows it. */
@NullMarked
package org.nucleon.metadata.api;

import org.jspecify.annotations.NullMarked;
