/** Open vSwitch on every host: its name as a feature, and what a host's switch tells of itself. */
package org.nucleon.openvswitch.api;
