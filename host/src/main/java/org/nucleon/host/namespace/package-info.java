/**
 * Network namespaces, and the few Linux system calls that they, netlink, raw sockets and process
 * supervision are made of.
 *
 * <p>Everything here is called through the JDK's foreign-function API (JEP 454). Failures are
 * {@link org.nucleon.host.namespace.SystemCallException}s that say what was attempted and name the
 * errno.
 */
@NullMarked
package org.nucleon.host.namespace;

import org.jspecify.annotations.NullMarked;
