package org.nucleon.core.feature;

import java.util.Map;

/**
 * One role of a host's agent process, as it makes itself known.
 *
 * @param role the short name that schedulers ask for: {@code dhcp}
 * @param type as OpenStack's tools name it: {@code DHCP agent}
 * @param binary the program's name as OpenStack's tools expect it
 * @param topic the message queue topic that Neutron would use
 * @param configurations what others and operators need to know of it
 */
public record AgentDescription(
    String role, String type, String binary, String topic, Map<String, Object> configurations) {}
