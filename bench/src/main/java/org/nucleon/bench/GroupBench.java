package org.nucleon.bench;

import java.io.IOException;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** How long it takes until a change of a security group is enforced on all of its ports. */
record GroupBench(BenchHost bench) {

  private static final int TIMES = 30;

  /** Measures groups of 10, 100 and 1,000 ports, all of them on the host. */
  void run() throws IOException {
    int ports = 0;
    for (int members : List.of(10, 100, 1_000)) {
      String group =
          bench.api().create("security_group", Map.of("name", "g" + members)).get("id").asString();
      ports += members;
      bench.fill(ports, Map.of("security_groups", List.of(group)));
      rules(group, members);
      members(group, members);
    }
  }

  private void rules(String group, int ports) throws IOException {
    String what = String.format(Locale.ROOT, "group of %,d ports here: ", ports);
    Figures added = Figures.of(what + "rule answered to enforced on all");
    Figures removed = Figures.of(what + "removal answered to enforced on all");
    for (int i = 0; i < TIMES; i++) {
      String rule =
          rule(
              group,
              Map.of("protocol", "tcp", "port_range_min", 1000 + i, "port_range_max", 1000 + i));
      long answered = System.nanoTime();
      added.add(answered, bench.flows().await(_ -> true, ports));
      bench.settle();
      bench.api().delete("security_group_rule", rule);
      answered = System.nanoTime();
      removed.add(answered, bench.flows().await(_ -> true, ports));
      bench.settle();
    }
    added.print();
    removed.print();
  }

  private void members(String group, int ports) throws IOException {
    rule(group, Map.of("remote_group_id", group));
    bench.settle();
    Figures members =
        Figures.of(
            String.format(
                Locale.ROOT, "remote group of %,d ports here: member answered to let in", ports));
    for (int i = 0; i < TIMES; i++) {
      String member = bench.port(bench.network(), false, Map.of("security_groups", List.of(group)));
      members.add(System.nanoTime(), bench.flows().await(HostBench.of(group), 1));
      bench.settle();
      bench.api().delete("port", member);
      bench.settle();
    }
    members.print();
  }

  /** Adds an ingress rule; its id. */
  private String rule(String group, Map<String, ?> more) {
    Map<String, Object> attributes = new HashMap<>(more);
    attributes.put("security_group_id", group);
    attributes.put("direction", "ingress");
    return bench.api().create("security_group_rule", attributes).get("id").asString();
  }
}
