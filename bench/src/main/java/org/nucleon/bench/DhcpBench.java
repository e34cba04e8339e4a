package org.nucleon.bench;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.nucleon.lab.Guest;
import tools.jackson.databind.JsonNode;

/** How long a guest waits for its lease, from its port being ACTIVE on. */
record DhcpBench(BenchHost bench) {

  private static final int TIMES = 30;
  private static final int AT_ONCE = 250;

  /** Measures with 10 and with 1,000 ports on the network. */
  void run() {
    for (int ports : List.of(10, 1_000)) {
      String network =
          bench.api().create("network", Map.of("name", "dhcp" + ports)).get("id").asString();
      bench.cloud().subnet(network, "10.100.0.0/16", Map.of());
      present(network, ports);
      measure(network, "%,d ports on the network: ".formatted(ports));
    }
  }

  /** Ports that nobody uses: the server knows them all the same. */
  private void present(String network, int ports) {
    for (int made = 0; made < ports; made += AT_ONCE) {
      List<Map<String, Object>> bodies = new ArrayList<>();
      for (int i = made; i < Math.min(ports, made + AT_ONCE); i++) {
        bodies.add(Map.of("network_id", network));
      }
      bench.api().send("POST", "/v2.0/ports", Map.of("ports", bodies));
    }
  }

  private void measure(String network, String what) {
    Figures active = Figures.of(what + "plugged to ACTIVE");
    Figures leased = Figures.of(what + "ACTIVE to lease, the client's start included");
    for (int i = 0; i < TIMES; i++) {
      Map<String, Object> attributes = new HashMap<>();
      attributes.put("network_id", network);
      attributes.put("binding:host_id", bench.host().name());
      attributes.put("device_owner", "compute:nova");
      JsonNode port = bench.api().create("port", attributes);
      String id = port.get("id").asString();
      Guest guest = bench.host().guest("g" + id.substring(0, 8));
      guest.plug(id, port.get("mac_address").asString());
      long plugged = System.nanoTime();
      bench.cloud().awaitStatus("port", id, "ACTIVE");
      long now = System.nanoTime();
      active.add(plugged, now);
      if (!guest.dhcpAnswers()) {
        throw new IllegalStateException(guest + " has no lease");
      }
      leased.add(now, System.nanoTime());
      guest.unplug();
      bench.api().delete("port", id);
      guest.close();
    }
    active.print();
    leased.print();
  }
}
