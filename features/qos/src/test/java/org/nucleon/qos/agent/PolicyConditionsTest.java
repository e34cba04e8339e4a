package org.nucleon.qos.agent;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.UUID;
import java.util.function.Consumer;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.nucleon.core.net.MacAddress;
import org.nucleon.core.resource.Draft;
import org.nucleon.core.resource.Resource;
import org.nucleon.core.schema.Catalog;
import org.nucleon.core.schema.ResourceType;
import org.nucleon.core.state.Change;
import org.nucleon.core.state.ChangeSet;
import org.nucleon.core.state.Picture;
import org.nucleon.network.api.NetworkFeature;
import org.nucleon.network.api.Ports;
import org.nucleon.openvswitch.api.Conditions;
import org.nucleon.openvswitch.api.Conditions.Rate;
import org.nucleon.qos.api.QosFeature;
import org.nucleon.qos.api.QosPolicies;
import org.nucleon.qos.api.QosRules;

/** What policies come to. */
final class PolicyConditionsTest {

  private final PolicyConditions conditions = new PolicyConditions();
  private Picture picture = Picture.empty(catalog(new QosFeature()), 0);
  private Change last;

  private static Catalog catalog(QosFeature... features) {
    Catalog.Builder builder = Catalog.builder();
    new NetworkFeature().declare(builder);
    for (QosFeature feature : features) {
      feature.declare(builder);
    }
    return builder.build();
  }

  private static UUID id(String name) {
    return UUID.nameUUIDFromBytes(name.getBytes(StandardCharsets.UTF_8));
  }

  private Resource put(ResourceType type, String name, Consumer<Draft> fill) {
    Resource before = picture.find(type, id(name)).orElse(null);
    Draft draft =
        before == null
            ? new Draft(picture.catalog().layout(type), id(name), "project")
            : new Draft(before);
    fill.accept(draft);
    Resource after = draft.toResource(Instant.EPOCH);
    apply(new Change(type, id(name), before, after));
    return after;
  }

  private void apply(Change change) {
    last = change;
    picture = picture.apply(ChangeSet.of(picture.number() + 1, List.of(change)));
  }

  private Resource port(String name, String owner, String own, String networks) {
    return put(
        Ports.PORT,
        name,
        draft -> {
          draft
              .set(Ports.NETWORK_ID, id("network"))
              .set(Ports.MAC_ADDRESS, MacAddress.parse("fa:16:3e:00:00:01"))
              .set(Ports.FIXED_IPS, List.of())
              .set(Ports.DEVICE_OWNER, owner);
          if (draft.has(QosPolicies.OF_PORT)) {
            draft
                .set(QosPolicies.OF_PORT, own == null ? null : id(own))
                .set(QosPolicies.NETWORK_POLICY, networks == null ? null : id(networks));
          }
        });
  }

  private void limit(String name, String policy, String direction, int kbps, int burst) {
    put(
        QosRules.BANDWIDTH_LIMIT,
        name,
        draft ->
            draft
                .set(QosRules.LIMIT_OF, id(policy))
                .set(QosRules.DIRECTION, direction)
                .set(QosRules.MAX_KBPS, kbps)
                .set(QosRules.MAX_BURST_KBPS, burst));
  }

  @BeforeEach
  void policies() {
    put(QosPolicies.POLICY, "slow", draft -> {});
    put(QosPolicies.POLICY, "marked", draft -> {});
    limit("out", "slow", QosRules.EGRESS, 1_000, 0);
    limit("in", "slow", QosRules.INGRESS, 2_000, 300);
    put(
        QosRules.DSCP_MARKING,
        "mark",
        draft -> draft.set(QosRules.MARKING_OF, id("marked")).set(QosRules.DSCP_MARK, 26));
  }

  private static final Conditions SLOW =
      new Conditions(new Rate(1_000, 800), new Rate(2_000, 300), null);
  private static final Conditions MARKED = new Conditions(null, null, 26);

  @ParameterizedTest
  @CsvSource(
      nullValues = "-",
      value = {
        // device_owner, own policy, network's, under which
        "compute:nova,             -,    -,      -",
        "compute:nova,             slow, -,      slow",
        "compute:nova,             -,    slow,   slow",
        "compute:nova,             slow, marked, slow",
        "'',                       -,    marked, marked",
        "network:dhcp,             -,    slow,   -",
        "network:router_interface, -,    slow,   -",
        "network:router_interface, slow, marked, slow",
      })
  void aPortIsUnderItsOwnPolicyOrItsNetworks(
      String owner, String own, String networks, String under) {
    Conditions expected = under == null ? Conditions.NONE : under.equals("slow") ? SLOW : MARKED;
    assertThat(conditions.of(picture, port("p", owner, own, networks))).isEqualTo(expected);
  }

  @Test
  void noLimitIsNone() {
    limit("out", "slow", QosRules.EGRESS, 0, 0);
    assertThat(conditions.of(picture, port("p", "", "slow", null)))
        .isEqualTo(new Conditions(null, new Rate(2_000, 300), null));
  }

  @Test
  void theLargestRateHasABurst() {
    limit("out", "slow", QosRules.EGRESS, Integer.MAX_VALUE, 0);
    Rate sent = conditions.of(picture, port("p", "", "slow", null)).sent();
    assertThat(sent.burst()).isPositive();
  }

  @Test
  void aRuleConcernsThePortsUnderItsPolicy() {
    port("own", "", "slow", null);
    port("networks", "", null, "slow");
    port("other", "", "marked", "marked");
    limit("out", "slow", QosRules.EGRESS, 3_000, 0);
    assertThat(affected()).containsExactlyInAnyOrder(id("own"), id("networks"));
    Resource gone = picture.get(QosRules.BANDWIDTH_LIMIT, id("out"));
    apply(new Change(QosRules.BANDWIDTH_LIMIT, gone.id(), gone, null));
    assertThat(affected()).containsExactlyInAnyOrder(id("own"), id("networks"));
  }

  private Set<UUID> affected() {
    Set<UUID> ports = new TreeSet<>();
    conditions.affected(last, picture, picture, ports::add);
    return ports;
  }

  @Test
  void withoutTheFeatureThereIsNothing() {
    picture = Picture.empty(catalog(), 0);
    assertThat(conditions.of(picture, port("p", "", null, null))).isEqualTo(Conditions.NONE);
  }
}
