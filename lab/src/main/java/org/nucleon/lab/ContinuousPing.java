package org.nucleon.lab;

import java.time.Duration;
import java.util.BitSet;
import java.util.List;
import java.util.UUID;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Echo requests at a steady pace, to count what an event cost on one path. */
public final class ContinuousPing {
  private static final Duration PATIENCE = Duration.ofSeconds(30);
  private static final Pattern ANSWER = Pattern.compile("icmp_seq=(\\d+) .*time=");

  private final Daemon ping;

  private ContinuousPing(Daemon ping) {
    this.ping = ping;
  }

  /** Starts, and waits for the first answer. */
  static ContinuousPing start(Machine machine, String address, String seconds) {
    Daemon ping = machine.start("ping-" + UUID.randomUUID(), "ping", "-n", "-i", seconds, address);
    ping.await(ANSWER, PATIENCE);
    return new ContinuousPing(ping);
  }

  /**
   * How many were answered so far.
   *
   * @return a number of echo replies, each counted once
   */
  public int answered() {
    return answers().cardinality();
  }

  /**
   * Ends and tells what was lost. Ends only after one more answer, so that a path which is dead by
   * now does not pass.
   *
   * @return the numbers of the requests that were lost between the first answer and the last
   * @throws AssertionError if nothing is answered any more
   */
  public List<Integer> stopAndListLost() {
    int last = answers().length();
    Eventually.within(
        PATIENCE,
        "an echo reply after number " + last,
        () -> answers().length(),
        now -> now > last);
    ping.kill();
    BitSet answers = answers();
    int first = answers.nextSetBit(0);
    BitSet lost = new BitSet();
    lost.set(first, answers.length());
    lost.andNot(answers);
    return lost.stream().boxed().toList();
  }

  private BitSet answers() {
    BitSet answers = new BitSet();
    Matcher matcher = ANSWER.matcher(ping.log());
    while (matcher.find()) {
      answers.set(Integer.parseInt(matcher.group(1)));
    }
    return answers;
  }
}
