/**
 * An OVSDB client (RFC 7047): transactions, monitored tables as immutable snapshots, and the
 * vocabulary of the Open_vSwitch database on top.
 */
@NullMarked
package org.nucleon.host.ovsdb;

import org.jspecify.annotations.NullMarked;
