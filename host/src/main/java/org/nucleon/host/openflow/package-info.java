/**
 * An OpenFlow client for Open vSwitch: matches, actions and flows as values, and a connection to a
 * bridge's management socket.
 *
 * <p>The protocol spoken is OpenFlow 1.5 with Open vSwitch's (Nicira's) extensions. Version 1.4
 * would bring bundles and the flow monitor as well; 1.5 is taken because its one Set-Field with a
 * mask and its one Copy-Field replace the several older encodings of the same action, so that what
 * is dumped has the very form that was sent.
 */
@NullMarked
package org.nucleon.host.openflow;

import org.jspecify.annotations.NullMarked;
