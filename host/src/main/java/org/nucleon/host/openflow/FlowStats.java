package org.nucleon.host.openflow;

/**
 * A flow with what went through it.
 *
 * @param flow the flow
 * @param packets how many packets since it was added
 * @param bytes how many bytes since it was added
 */
public record FlowStats(Flow flow, long packets, long bytes) {}
