package org.nucleon.server.watch;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import org.nucleon.core.json.Json;
import org.nucleon.core.resource.Resource;
import org.nucleon.core.watch.HostUpdate;

/**
 * One host's open watch: a bounded queue of updates that the host's connection writes out as JSON
 * lines. A host that does not read is cut off, and resumes.
 */
public final class HostStream {

  private static final int MAX_WAITING = 10_000;
  private static final Duration BOOKMARK = Duration.ofSeconds(10);
  private static final HostUpdate END = new HostUpdate(-1, List.of(), List.of());

  private final BlockingQueue<HostUpdate> waiting = new LinkedBlockingQueue<>(MAX_WAITING);
  private final String host;
  private final Duration bookmark;
  private volatile boolean ended;
  private volatile long number;

  HostStream(String host) {
    this(host, BOOKMARK);
  }

  /** With another time after which an idle watch gets a bookmark. */
  HostStream(String host, Duration bookmark) {
    this.host = host;
    this.bookmark = bookmark;
  }

  /** The host. */
  public String host() {
    return host;
  }

  void offer(HostUpdate update) {
    if (!ended && !waiting.offer(update)) {
      end();
    }
  }

  void passed(long changeNumber) {
    number = changeNumber;
  }

  void end() {
    ended = true;
    waiting.clear();
    waiting.add(END);
  }

  /**
   * The next update.
   *
   * @return an update without content, a bookmark, if nothing else came for a while; null at the
   *     end
   */
  public @org.jspecify.annotations.Nullable HostUpdate next() throws InterruptedException {
    if (ended) {
      return null;
    }
    HostUpdate update = waiting.poll(bookmark.toMillis(), TimeUnit.MILLISECONDS);
    if (update == null) {
      return new HostUpdate(number, List.of(), List.of());
    }
    return update.number() < 0 ? null : update;
  }

  /**
   * Writes updates as JSON, one a line, the first naming the protocol; until the end, or until the
   * host is not admitted any more: it is asked before every line, so a host hears nothing after
   * that, and an idle watch ends with its next bookmark.
   *
   * @param reader what it knows; a resource with more than that is marked
   */
  void writeTo(OutputStream out, Knowledge reader, BooleanSupplier admitted) throws IOException {
    try {
      boolean first = true;
      for (HostUpdate update = next(); update != null && admitted.getAsBoolean(); update = next()) {
        Map<String, Object> line = json(update, reader);
        if (first) {
          line.put("protocol", AgentEndpoint.PROTOCOL);
        }
        first = false;
        out.write(Json.bytes(line));
        out.write("\n".getBytes(StandardCharsets.UTF_8));
        if (waiting.isEmpty()) {
          out.flush();
        }
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private static Map<String, Object> json(HostUpdate update, Knowledge reader) {
    Map<String, Object> json = new LinkedHashMap<>();
    json.put("number", update.number());
    List<Object> put = new ArrayList<>();
    for (Resource resource : update.put()) {
      Map<String, Object> one = new LinkedHashMap<>();
      one.put("type", resource.type().name());
      one.put("id", resource.id().toString());
      one.put("project", resource.project());
      one.put("revision", resource.revision());
      one.put("created", resource.createdAt().getEpochSecond());
      one.put("updated", resource.updatedAt().getEpochSecond());
      one.put("number", resource.number());
      List<String> unknown = reader.unknown(resource);
      if (!unknown.isEmpty()) {
        one.put("unknown", unknown);
      }
      one.put("document", resource.document());
      put.add(one);
    }
    json.put("put", put);
    List<Object> forgotten = new ArrayList<>();
    update
        .forgotten()
        .forEach(f -> forgotten.add(Map.of("type", f.type().name(), "id", f.id().toString())));
    json.put("forget", forgotten);
    return json;
  }
}
