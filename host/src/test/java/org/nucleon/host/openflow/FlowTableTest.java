package org.nucleon.host.openflow;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

final class FlowTableTest {
  private static Flow flow(int priority, int port, long cookie) {
    return new Flow(0, priority, Match.any().ipv4(), List.of(Action.output(port)), cookie);
  }

  @Test
  void equalFlowsNeedNoChangeInWhateverOrder() {
    var shuffled = new ArrayList<>(Samples.all());
    Collections.shuffle(shuffled, new Random(1));
    assertThat(FlowTable.diff(Samples.all(), shuffled)).isEqualTo(FlowChange.NONE);
  }

  @Test
  void tellsWhatToAddModifyAndDelete() {
    Flow kept = flow(1, 1, 1);
    Flow otherActions = flow(2, 2, 1);
    Flow otherCookie = flow(3, 1, 2);
    Flow added = flow(4, 1, 1);
    Flow deleted = flow(5, 1, 1);
    FlowChange change =
        FlowTable.diff(
            List.of(kept, otherActions, otherCookie, added, added),
            List.of(kept, flow(2, 1, 1), flow(3, 1, 1), deleted));
    assertThat(change)
        .isEqualTo(
            new FlowChange(List.of(added), List.of(otherActions, otherCookie), List.of(deleted)));
  }

  @Test
  void twoDesiredFlowsWithOneKeyAreRefused() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> FlowTable.diff(List.of(flow(1, 1, 1), flow(1, 2, 1)), List.of()));
  }

  @Test
  void nothingMayStandBehindAGoto() {
    assertThatIllegalArgumentException()
        .isThrownBy(
            () -> new Flow(0, 1, Match.any(), List.of(Action.gotoTable(1), Action.output(1)), 0));
  }
}
