/** Whether and of what Nova is told. */
@NullMarked
package org.nucleon.nova.api;

import org.jspecify.annotations.NullMarked;
