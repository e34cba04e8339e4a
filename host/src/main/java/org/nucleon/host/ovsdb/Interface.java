package org.nucleon.host.ovsdb;

import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * An interface of a port; ovs-vswitchd.conf.db(5), table Interface.
 *
 * @param uuid its row
 * @param name its name, for a system device the device's
 * @param type empty for a system device, or {@code internal}, {@code patch}, {@code vxlan} ...
 * @param ofport its OpenFlow number; -1 if the switch could not add it; null before it tried
 * @param mac the Ethernet address that it uses; null before the switch has it
 * @param linkState {@code up}, {@code down} or null if unknown
 * @param options of its type, e.g. {@code remote_ip}
 * @param externalIds what others noted on it, e.g. {@code iface-id}
 * @param error why it does not work; null if it does
 */
public record Interface(
    UUID uuid,
    String name,
    String type,
    @Nullable Long ofport,
    @Nullable String mac,
    @Nullable String linkState,
    Map<String, String> options,
    Map<String, String> externalIds,
    @Nullable String error) {}
