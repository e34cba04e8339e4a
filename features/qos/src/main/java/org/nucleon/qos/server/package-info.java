/** What QoS policies and rules may be, and which ports and networks have one. */
@NullMarked
package org.nucleon.qos.server;

import org.jspecify.annotations.NullMarked;
