/**
 * Namespaces, devices, addresses, routes, address translation and programs: what every feature
 * plans that does something inside a network namespace.
 */
@NullMarked
package org.nucleon.agent.device;

import org.jspecify.annotations.NullMarked;
