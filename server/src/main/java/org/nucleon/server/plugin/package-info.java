/** Jars from outside: each with a class loader of its own. */
@org.jspecify.annotations.NullMarked
package org.nucleon.server.plugin;
