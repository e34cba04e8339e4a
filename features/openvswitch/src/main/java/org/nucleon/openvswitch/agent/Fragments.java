package org.nucleon.openvswitch.agent;

import java.util.Set;
import org.nucleon.host.openflow.Action;
import org.nucleon.host.openflow.CtState;
import org.nucleon.host.openflow.Match;
import org.nucleon.host.openflow.Zone;

/**
 * Rules for datagrams in fragments, on the switch's userspace datapath. Its connection tracking
 * holds fragments back until it has all of a datagram, tells of each what it tells of the whole,
 * and lets them go on one by one. Only the first tells its ports.
 *
 * <p>So rules judge the first, and later ones pass them. Then all go through connection tracking
 * once more: where the first was dropped the others wait there until they are forgotten. What comes
 * there by one way waits for what comes by the same; a first fragment that no rule has seen never
 * goes on with later ones of another.
 *
 * <p>What waits too long for the rest comes out of connection tracking together with packets of
 * anybody, goes their way, and is told by being invalid and not tracked. Therefore wherever packets
 * come out, rules or what is behind a commit, such are dropped.
 *
 * <p>The kernel's datapath puts datagrams together before the rules; it has no use for these flows.
 */
final class Fragments {

  private Fragments() {}

  /**
   * Plans one direction.
   *
   * @param rules what judges
   * @param commit where packets are that it lets pass
   * @param committed where datagrams go on of which it lets all pass
   */
  static void plan(Flows flows, Pipeline rules, Pipeline commit, Pipeline committed) {
    for (Match version : HostPlan.VERSIONS) {
      Match tracked = version.ctState(Set.of(CtState.TRK), Set.of(CtState.INV));
      flows.add(rules, 1, tracked.laterFragment(), Flows.to(commit));
      flows.add(
          commit,
          20,
          tracked.fragment(),
          Action.commit(Zone.ofReg(Pipeline.ZONE), committed.number()));
      // What waited too long, of any guest, comes out with whatever is tracked next.
      flows.drop(
          rules,
          SecurityRules.STATE + 1,
          version.ctState(Set.of(CtState.INV), Set.of(CtState.TRK)));
    }
  }
}
