package org.nucleon.host.ovsdb;

import java.util.Map;
import java.util.Set;
import java.util.UUID;

/**
 * A port of a bridge; ovs-vswitchd.conf.db(5), table Port.
 *
 * @param uuid its row
 * @param name its name
 * @param interfaces the rows of its interfaces, one unless it is a bond
 * @param externalIds what others noted on it
 */
public record SwitchPort(
    UUID uuid, String name, Set<UUID> interfaces, Map<String, String> externalIds) {}
