/** How many resources projects may have. */
@org.jspecify.annotations.NullMarked
package org.nucleon.server.quota;
