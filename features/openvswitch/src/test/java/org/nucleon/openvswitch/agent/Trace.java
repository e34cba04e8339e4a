package org.nucleon.openvswitch.agent;

import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What {@code ofproto/trace} says becomes of a packet.
 *
 * @param table the last table that it came to: where it was dropped, if nothing left
 * @param outputs the ports that it left by, each its bridge and its number there, in order
 * @param text the whole trace
 */
record Trace(int table, List<String> outputs, String text) {

  private static final Pattern EVENT =
      Pattern.compile(
          """
          (?m)^ *(?:bridge\\("(?<bridge>[^"]+)"\\)\
          |(?<table>\\d+)\\. .*\
          |(?:output:|-> output port is )(?<port>\\d+)(?!\\n *>> skipping output to input port))$\
          """);

  /** Reads a trace. A packet that went over to another bridge does not come back. */
  static Trace of(String text) {
    String bridge = "";
    int table = 0;
    List<String> outputs = new ArrayList<>();
    Matcher event = EVENT.matcher(text);
    while (event.find()) {
      if (event.group("bridge") != null) {
        bridge = event.group("bridge");
      } else if (event.group("table") != null) {
        table = Integer.parseInt(event.group("table"));
      } else {
        outputs.add(bridge + " " + event.group("port"));
      }
    }
    return new Trace(table, outputs, text);
  }
}
