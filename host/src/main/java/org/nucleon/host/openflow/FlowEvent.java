package org.nucleon.host.openflow;

/** A change of a bridge's flows that someone else made. */
public sealed interface FlowEvent {
  /** The flow as the event tells it. */
  Flow flow();

  /** The flow was added. */
  record Added(Flow flow) implements FlowEvent {}

  /** The flow has new actions or a new cookie, told with the flow. */
  record Modified(Flow flow) implements FlowEvent {}

  /** The flow is gone; its actions are told as they were. */
  record Removed(Flow flow) implements FlowEvent {}
}
