package org.nucleon.nova.server;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.nucleon.core.feature.RemoteService.Reply;
import org.nucleon.core.json.Json;
import org.nucleon.core.json.MalformedJson;

/**
 * What a whole answer of Nova's comes to: a function of the answer and of what was sent.
 *
 * @param verdict what it says of the request as a whole
 * @param again what is to be sent again, in order
 * @param dropped what Nova will not take however often it is sent, with the code of each
 */
record NovaReply(Verdict verdict, List<ServerEvent> again, Map<ServerEvent, Integer> dropped) {

  /** How often one event is sent that Nova fails on while it takes others. */
  static final int MOST_TRIES = 10;

  /** What an answer says of the whole request. */
  enum Verdict {
    /** Taken, but for what is to be sent again or dropped. */
    TAKEN,
    /** Nova does not let us, or cannot now: nothing is known to be done. */
    LATER,
    /** Something in it will not do, however often it is sent. */
    REFUSED
  }

  /** Judges. */
  static NovaReply of(Reply reply, List<ServerEvent> sent) {
    int status = reply.status();
    if (status / 100 == 2) {
      return taken(codes(reply.body()), sent);
    }
    return switch (status) {
      case 404 -> { // knows none of the servers
        Map<ServerEvent, Integer> dropped = new LinkedHashMap<>();
        sent.forEach(event -> dropped.put(event, status));
        yield new NovaReply(Verdict.TAKEN, List.of(), dropped);
      }
      case 401, 403, 408, 425, 429 -> new NovaReply(Verdict.LATER, sent, Map.of());
      default -> new NovaReply(status / 100 == 4 ? Verdict.REFUSED : Verdict.LATER, sent, Map.of());
    };
  }

  /**
   * After one that Nova failed on, all that it was sent of the same port is sent again: the last
   * word is the last.
   */
  private static NovaReply taken(Map<String, List<Integer>> codes, List<ServerEvent> sent) {
    List<ServerEvent> again = new ArrayList<>();
    Map<ServerEvent, Integer> dropped = new LinkedHashMap<>();
    Set<UUID> behind = new HashSet<>();
    for (ServerEvent event : sent) {
      List<Integer> of = codes.getOrDefault(key(event.body()), List.of());
      int code = of.isEmpty() ? 200 : of.getFirst();
      if (of.size() > 1) {
        codes.put(key(event.body()), of.subList(1, of.size()));
      }
      if (code >= 500 && event.tries() + 1 < MOST_TRIES) {
        again.add(event.failedOnceMore());
        behind.add(event.port());
      } else if (code >= 400) {
        dropped.put(event, code);
      } else if (behind.contains(event.port())) {
        again.add(event);
      }
    }
    return new NovaReply(Verdict.TAKEN, again, dropped);
  }

  /** The codes of each event, in order; what does not say is taken for good. */
  private static Map<String, List<Integer>> codes(byte[] body) {
    Map<String, List<Integer>> codes = new HashMap<>();
    Object json;
    try {
      json = Json.parse(body);
    } catch (MalformedJson e) {
      return codes;
    }
    if (json instanceof Map<?, ?> reply && reply.get("events") instanceof List<?> events) {
      for (Object each : events) {
        if (each instanceof Map<?, ?> event && event.get("code") instanceof Number code) {
          codes.computeIfAbsent(key(event), k -> new ArrayList<>()).add(code.intValue());
        }
      }
    }
    return codes;
  }

  private static String key(Map<?, ?> event) {
    return text(event.get("name"))
        + " "
        + text(event.get("server_uuid"))
        + " "
        + text(event.get("tag"));
  }

  private static String text(@Nullable Object value) {
    return String.valueOf(value).toLowerCase(java.util.Locale.ROOT);
  }
}
