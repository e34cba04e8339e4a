package org.nucleon.lab;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** The demo holds: a cloud end to end, with packets. */
@Tag("lab")
@LabScenario
final class DemoTest {

  @Test
  void everyCheckHolds(Lab lab) throws Exception {
    assertThat(new Demo(lab).run()).isZero();
  }
}
