package org.nucleon.lab;

import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.locks.LockSupport;

/** Kills what keeps a cloud running, at random moments, and starts it again. */
final class Killer {

  /** What dies, in the order in which it is started again. */
  enum Victim {
    OVSDB_SERVER,
    OVS_VSWITCHD,
    SERVER,
    AGENT
  }

  private final Cloud cloud;
  private final List<LabHost> hosts;
  private final Random random;
  private final List<String> deeds = new ArrayList<>();

  Killer(Cloud cloud, List<LabHost> hosts, long seed) {
    this.cloud = cloud;
    this.hosts = hosts;
    this.random = new Random(seed);
  }

  /** Kills so often, one or two of them at a time. */
  void kill(int times, Set<Victim> among) {
    List<Victim> all = List.copyOf(EnumSet.copyOf(among));
    for (int i = 0; i < times; i++) {
      moment(1000);
      EnumSet<Victim> dying = EnumSet.of(all.get(i % all.size()));
      if (random.nextInt(3) == 0) {
        dying.add(all.get(random.nextInt(all.size())));
      }
      LabHost host = hosts.get(random.nextInt(hosts.size()));
      deeds.add(dying + " of " + host);
      dying.forEach(victim -> kill(victim, host));
      moment(700);
      dying.forEach(victim -> revive(victim, host)); // a set of an enum has its order
    }
  }

  /** A random moment: whatever goes on then. */
  private void moment(int mostMillis) {
    LockSupport.parkNanos(Duration.ofMillis(random.nextInt(mostMillis)).toNanos());
  }

  private void kill(Victim victim, LabHost host) {
    switch (victim) {
      case OVSDB_SERVER -> host.ovs().killDatabase();
      case OVS_VSWITCHD -> host.ovs().killForwarder();
      case SERVER -> cloud.killServer();
      case AGENT -> cloud.agent(host).kill();
    }
  }

  private void revive(Victim victim, LabHost host) {
    switch (victim) {
      case OVSDB_SERVER -> host.ovs().restartDatabase();
      case OVS_VSWITCHD -> host.ovs().restartForwarder();
      case SERVER -> cloud.restartServer();
      case AGENT -> cloud.startAgent(host);
    }
  }

  @Override
  public String toString() {
    return deeds.toString();
  }
}
