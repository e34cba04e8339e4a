package org.nucleon.nova.server;

import java.io.IOException;
import java.lang.System.Logger.Level;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.nucleon.core.feature.Delivery;
import org.nucleon.core.feature.RemoteService;
import org.nucleon.core.feature.RemoteService.Reply;
import org.nucleon.core.json.Json;
import org.nucleon.core.resource.View;
import org.nucleon.core.state.ChangeSet;
import org.nucleon.nova.api.NovaFeature;

/**
 * Sends events to Nova.
 *
 * <p>See <a
 * href="https://docs.openstack.org/api-ref/compute/#create-external-events-os-server-external-events">Create
 * external events</a> of the Compute API.
 */
final class NovaNotifier implements Delivery<ServerEvent> {

  private static final System.Logger LOG = System.getLogger("nucleon.nova");
  private static final String PATH = "/os-server-external-events";
  private static final String VERSION = "compute 2.1";

  private final RemoteService nova;
  private final PortEvents events;
  private final Duration interval;

  NovaNotifier(RemoteService nova, PortEvents events, Duration interval) {
    this.nova = nova;
    this.events = events;
    this.interval = interval;
  }

  @Override
  public String name() {
    return NovaFeature.NAME;
  }

  @Override
  public Duration interval() {
    return interval;
  }

  @Override
  public List<ServerEvent> of(ChangeSet set, View now) {
    return events.of(set, now);
  }

  @Override
  public List<ServerEvent> send(List<ServerEvent> items) throws IOException, InterruptedException {
    Map<String, Object> body = Map.of("events", items.stream().map(ServerEvent::body).toList());
    Reply reply =
        nova.post(
            PATH,
            Map.of("OpenStack-API-Version", VERSION, "X-OpenStack-Request-ID", requestId(body)),
            body);
    NovaReply said = NovaReply.of(reply, items);
    return switch (said.verdict()) {
      case TAKEN -> {
        said.dropped().forEach((event, code) -> drop(event, code));
        yield said.again();
      }
      case LATER ->
          throw new IOException(
              "Nova answered " + reply.status() + " to " + items.size() + " events" + hint(reply));
      case REFUSED -> apart(items, reply.status());
    };
  }

  /** A server that Nova does not know has been deleted, as a rule, while its ports went. */
  private static void drop(ServerEvent event, int code) {
    LOG.log(
        code == 404 ? Level.INFO : Level.WARNING,
        "dropped, Nova answered {0}: {1}",
        Integer.toString(code),
        event);
  }

  /** One that Nova refuses takes no other with it. */
  private List<ServerEvent> apart(List<ServerEvent> items, int status)
      throws IOException, InterruptedException {
    if (items.size() == 1) {
      drop(items.getFirst(), status);
      return List.of();
    }
    List<ServerEvent> again = new ArrayList<>(send(items.subList(0, items.size() / 2)));
    again.addAll(send(items.subList(items.size() / 2, items.size())));
    return again;
  }

  private static String hint(Reply reply) {
    return reply.status() == 401 || reply.status() == 403
        ? "; may the user of [nova] post os-server-external-events?"
        : "";
  }

  /** The same for the same events, so that a repetition can be told in Nova's log. */
  private static String requestId(Object body) {
    return "req-" + UUID.nameUUIDFromBytes(Json.text(body).getBytes(StandardCharsets.UTF_8));
  }
}
