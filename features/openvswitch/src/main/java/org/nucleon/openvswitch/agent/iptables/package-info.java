/**
 * The filter of hosts whose guests are plugged by way of a Linux bridge: chains, rules and sets of
 * addresses as items, and what makes them true. What is in them is planned outside.
 */
package org.nucleon.openvswitch.agent.iptables;
