/** Who calls: whoever Keystone says, or without it whoever reaches the loopback address. */
@org.jspecify.annotations.NullMarked
package org.nucleon.server.identity;
