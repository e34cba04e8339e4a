package com.example.controller;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.nucleon.core.feature.Delivery;
import org.nucleon.core.json.Json;
import org.nucleon.core.resource.Resource;
import org.nucleon.core.resource.View;
import org.nucleon.core.schema.ResourceType;
import org.nucleon.core.state.Change;
import org.nucleon.core.state.ChangeSet;
import org.nucleon.network.api.Networks;
import org.nucleon.network.api.Ports;
import org.nucleon.network.api.Subnets;

/**
 * Keeps the controller's networks, subnets and ports as ours are. Each operation carries the change
 * number that it is of: told twice, the controller can drop the second.
 */
final class Mirror implements Delivery<Mirror.Operation> {

  private static final Set<ResourceType> TOLD =
      Set.of(Networks.NETWORK, Subnets.SUBNET, Ports.PORT);
  private static final Duration PATIENCE = Duration.ofSeconds(10);

  /** One request to the controller; the body empty for a removal. */
  record Operation(String method, String path, String body, long change) {}

  private final URI controller;
  private final HttpClient client = HttpClient.newHttpClient();

  Mirror(URI controller) {
    this.controller = controller;
  }

  @Override
  public String name() {
    return ControllerFeature.NAME;
  }

  @Override
  public Duration interval() {
    return Duration.ZERO;
  }

  @Override
  public List<Operation> of(ChangeSet set, View now) {
    List<Operation> operations = new ArrayList<>();
    for (Change change : set.changes()) {
      if (TOLD.contains(change.type())) {
        operations.add(operation(change, set.number()));
      }
    }
    return operations;
  }

  private static Operation operation(Change change, long number) {
    String path = "/" + change.type().plural() + "/" + change.id();
    Resource after = change.after();
    if (after == null) {
      return new Operation("DELETE", path, "", number);
    }
    Map<String, Object> body = new LinkedHashMap<>(after.document());
    body.put("id", after.id().toString());
    body.put("project_id", after.project());
    return new Operation("PUT", path, Json.text(body), number);
  }

  /** What the controller did not get is sent again, and all that comes after it. */
  @Override
  public List<Operation> send(List<Operation> items) throws IOException, InterruptedException {
    for (int i = 0; i < items.size(); i++) {
      Operation operation = items.get(i);
      HttpRequest request =
          HttpRequest.newBuilder(controller.resolve(operation.path()))
              .method(operation.method(), BodyPublishers.ofString(operation.body()))
              .header("Content-Type", "application/json")
              .header("X-Change", Long.toString(operation.change()))
              .timeout(PATIENCE)
              .build();
      int status = client.send(request, BodyHandlers.discarding()).statusCode();
      if (status >= 500) {
        return items.subList(i, items.size());
      }
    }
    return List.of();
  }
}
