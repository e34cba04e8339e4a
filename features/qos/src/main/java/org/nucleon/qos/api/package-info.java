/** QoS policies and their rules. */
@NullMarked
package org.nucleon.qos.api;

import org.jspecify.annotations.NullMarked;
