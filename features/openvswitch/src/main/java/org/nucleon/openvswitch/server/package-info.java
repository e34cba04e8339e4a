/** Binds ports to hosts that run Open vSwitch. */
package org.nucleon.openvswitch.server;
