/** What QoS policies come to on hosts. */
@NullMarked
package org.nucleon.qos.agent;

import org.jspecify.annotations.NullMarked;
