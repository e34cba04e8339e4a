/** The metadata service on a host. */
@NullMarked
package org.nucleon.metadata.agent;

import org.jspecify.annotations.NullMarked;
