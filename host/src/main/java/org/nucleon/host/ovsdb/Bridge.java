package org.nucleon.host.ovsdb;

import java.util.Map;
import java.util.Set;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * A bridge; ovs-vswitchd.conf.db(5), table Bridge.
 *
 * @param uuid its row
 * @param name its name and that of its own device
 * @param datapathType {@code system}, {@code netdev} or empty for the default
 * @param failMode {@code secure}, {@code standalone} or null
 * @param protocols the OpenFlow versions allowed; none means the default
 * @param ports the rows of its ports
 * @param externalIds what others noted on it
 */
public record Bridge(
    UUID uuid,
    String name,
    String datapathType,
    @Nullable String failMode,
    Set<String> protocols,
    Set<UUID> ports,
    Map<String, String> externalIds) {}
