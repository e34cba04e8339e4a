package org.nucleon.host.openflow;

import org.jspecify.annotations.Nullable;

/** The switch refused a request; see "Error Message" in openflow-1.5.1, section 7.5.4. */
public final class OpenFlowException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  private final int type;
  private final int code;
  private final transient @Nullable Flow flow;

  OpenFlowException(int type, int code, @Nullable Flow flow) {
    super(message(type, code, flow));
    this.type = type;
    this.code = code;
    this.flow = flow;
  }

  /** The same, thrown again where it is awaited. */
  OpenFlowException(OpenFlowException refused) {
    super(refused.getMessage(), refused);
    this.type = refused.type;
    this.code = refused.code;
    this.flow = refused.flow;
  }

  private static String message(int type, int code, @Nullable Flow flow) {
    String kind =
        switch (type) {
          case 1 -> "bad request";
          case 2 -> "bad action";
          case 3 -> "bad instruction";
          case 4 -> "bad match";
          case 5 -> "flow-mod failed";
          case 13 -> "multipart request failed";
          case 17 -> "bundle failed";
          default -> "error";
        };
    return kind + " (type " + type + ", code " + code + ")" + (flow == null ? "" : ": " + flow);
  }

  /** OpenFlow's error type. */
  public int type() {
    return type;
  }

  /** OpenFlow's error code, to be read with the type. */
  public int code() {
    return code;
  }

  /** The flow that caused it; null if the request was about no single flow. */
  public @Nullable Flow flow() {
    return flow;
  }
}
