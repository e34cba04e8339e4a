package org.nucleon.host.ovsdb;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** The client, and the switch's vocabulary, against a real Open vSwitch. */
@Tag("lab")
final class OvsdbClientTest {
  /** What the listener heard. */
  private sealed interface Heard {
    record Connected() implements Heard {}

    record Disconnected() implements Heard {}

    record Changed(List<RowChange> changes) implements Heard {}
  }

  private final BlockingQueue<Heard> heard = new LinkedBlockingQueue<>();
  private final OvsdbListener listener =
      new OvsdbListener() {
        @Override
        public void connected() {
          heard.add(new Heard.Connected());
        }

        @Override
        public void disconnected(Throwable cause) {
          heard.add(new Heard.Disconnected());
        }

        @Override
        public void changed(List<RowChange> changes, Snapshot now) {
          heard.add(new Heard.Changed(changes));
        }
      };
  private PrivateOvs ovs;
  private OvsdbClient client;

  @BeforeEach
  void start() throws IOException {
    ovs = PrivateOvs.start();
    client = OvsdbClient.open(ovs.database());
  }

  @AfterEach
  void stop() {
    client.close();
    ovs.close();
  }

  private Switch now() {
    return new Switch(client.cache());
  }

  private void follow() throws IOException {
    client.monitor(Switch.MONITORED, listener);
  }

  private SwitchEdit edit() {
    return new SwitchEdit(now());
  }

  private SwitchEdit bridge(SwitchEdit edit, String name) {
    return edit.bridge(name, "dummy", SwitchEdit.PROTOCOLS, Map.of("owner", "test"));
  }

  @Test
  void aBridgeWithPortsIsMadeInOneTransactionAndOnlyOnce() throws IOException {
    follow();
    SwitchEdit edit = bridge(bridge(edit(), "br0"), "br1");
    edit.port("br0", "p1", "dummy", Map.of(), Map.of("iface-id", "one"))
        .port("br0", "p2", "dummy", Map.of(), Map.of("iface-id", "two"))
        .patch("br0", "to-br1", "br1", "to-br0")
        .tunnelPort("br1", "vx1", "vxlan", Map.of("remote_ip", "10.0.0.2", "key", "flow"), Map.of())
        .applyAndWait(client);

    assertThat(ovs.vsctl("list-ports", "br0").split("\n"))
        .containsExactlyInAnyOrder("p1", "p2", "to-br1");
    assertThat(ovs.vsctl("get", "Bridge", "br0", "fail_mode")).contains("secure");
    assertThat(now().iface("p1"))
        .satisfies(p1 -> {
          assertThat(p1.ofport()).isPositive();
          assertThat(p1.mac()).matches("([0-9a-f]{2}:){5}[0-9a-f]{2}");
          assertThat(p1.externalIds()).containsEntry("iface-id", "one");
          assertThat(p1.error()).isNull();
        });
    assertThat(now().iface("vx1").options()).containsEntry("remote_ip", "10.0.0.2");
    assertThat(now().iface("to-br0").ofport()).isPositive();
    assertThat(now().bridgeOf(now().port("vx1")).name()).isEqualTo("br1");

    SwitchEdit again = bridge(bridge(edit(), "br0"), "br1");
    again
        .port("br0", "p1", "dummy", Map.of(), Map.of("iface-id", "one"))
        .patch("br0", "to-br1", "br1", "to-br0")
        .tunnelPort(
            "br1", "vx1", "vxlan", Map.of("remote_ip", "10.0.0.2", "key", "flow"), Map.of());
    assertThat(again.isEmpty()).isTrue();
  }

  @Test
  void onlyTheKeysGivenAreTouched() throws IOException {
    follow();
    bridge(edit(), "br0").applyAndWait(client);
    ovs.vsctl("set", "Bridge", "br0", "external_ids:theirs=1", "other_config:hwaddr=\"\"");
    client.await(
        rows -> new Switch(rows).bridge("br0").externalIds().containsKey("theirs"),
        30,
        TimeUnit.SECONDS);

    edit()
        .bridgeExternalIds("br0", Map.of("owner", "changed", "more", "x"))
        .externalIds(Map.of("zone-1", "port"))
        .apply(client);

    assertThat(ovs.vsctl("get", "Bridge", "br0", "external_ids"))
        .isEqualToIgnoringWhitespace("{more=x, owner=changed, theirs=\"1\"}");
    assertThat(ovs.vsctl("get", "Open_vSwitch", ".", "external_ids")).contains("zone-1=port");
    client.await(
        rows -> new Switch(rows).bridge("br0").externalIds().size() == 3, 30, TimeUnit.SECONDS);
    edit().removeBridgeExternalIds("br0", Set.of("more", "never")).apply(client);
    assertThat(ovs.vsctl("get", "Bridge", "br0", "external_ids"))
        .isEqualToIgnoringWhitespace("{owner=changed, theirs=\"1\"}");
  }

  @Test
  void driftIsCorrectedAndPortsMoveAndGo() throws IOException {
    follow();
    bridge(bridge(edit(), "br0"), "br1")
        .port("br0", "p1", "dummy", Map.of(), Map.of())
        .tunnelPort("br0", "vx", "vxlan", Map.of("remote_ip", "10.0.0.2"), Map.of())
        .applyAndWait(client);
    bridge(edit(), "br0")
        .port("br1", "p1", "dummy", Map.of(), Map.of())
        .tunnelPort("br0", "vx", "vxlan", Map.of("remote_ip", "10.0.0.9"), Map.of())
        .applyAndWait(client);
    assertThat(ovs.vsctl("port-to-br", "p1")).contains("br1");
    assertThat(now().iface("vx").options()).containsExactly(Map.entry("remote_ip", "10.0.0.9"));

    edit().deletePort("p1").deleteBridge("br0").applyAndWait(client);

    assertThat(ovs.vsctl("list-br").strip()).isEqualTo("br1");
    assertThat(now().ports()).extracting(SwitchPort::name).containsExactly("br1");
  }

  @Test
  void aPortOfNoBridgeIsRefusedAndNothingIsDone() throws IOException {
    follow();
    SwitchEdit edit = bridge(edit(), "br0").port("nobr", "p1", "dummy", Map.of(), Map.of());
    var refusal = catchThrowableOfType(OvsdbException.class, () -> edit.apply(client));
    assertThat(refusal.error()).isEqualTo("timed out");
    assertThat(edit.transaction().operations().get(refusal.operation()))
        .isInstanceOf(Operation.Wait.class);
    assertThat(ovs.vsctl("list-br")).isBlank();
  }

  @Test
  void anErrorTellsItsOperation() {
    var wrongColumn =
        new Transaction()
            .comment("first")
            .update("Bridge", Condition.ALL, Map.of("colour", Value.of("red")));
    var refusal = catchThrowableOfType(OvsdbException.class, () -> client.transact(wrongColumn));
    assertThat(refusal.operation()).isEqualTo(1);
    assertThat(refusal).hasMessageContaining("colour");

    var twice = new Transaction();
    for (int i = 0; i < 2; i++) {
      Value port = twice.insert("Bridge", Map.of("name", Value.of("same")));
      twice.mutate("Open_vSwitch", Condition.ALL, Mutation.insert("bridges", port));
    }
    refusal = catchThrowableOfType(OvsdbException.class, () -> client.transact(twice));
    assertThat(refusal.operation()).isEqualTo(4);
    assertThat(refusal.error()).isEqualTo("constraint violation");
  }

  @Test
  void resultsAreTyped() throws IOException {
    var transaction = new Transaction();
    Value made = transaction.insert("Bridge", Map.of("name", Value.of("br7")));
    transaction.mutate("Open_vSwitch", Condition.ALL, Mutation.insert("bridges", made));
    transaction.select("Bridge", Condition.name("br7"), "name", "ports");
    List<Result> results = client.transact(transaction);
    assertThat(results.get(1).count()).isEqualTo(1);
    Row row = results.get(2).rows().getFirst();
    assertThat(row.uuid()).isEqualTo(results.get(0).uuid());
    assertThat(row.text("name")).isEqualTo("br7");
    assertThat(row.references("ports")).isEmpty();
  }

  @Test
  void oneTransactionsChangesArriveTogether() throws Exception {
    follow();
    assertThat(heard.take()).isEqualTo(new Heard.Connected());
    assertThat(batch()).extracting(RowChange::table).containsExactly("Open_vSwitch");
    ovs.vsctl("--no-wait", "add-br", "br0", "--", "add-port", "br0", "p1");
    assertThat(batch())
        .filteredOn(change -> change.before() == null)
        .extracting(RowChange::table)
        .containsExactlyInAnyOrder("Bridge", "Port", "Port", "Interface", "Interface");
  }

  @Test
  void conditionsChooseRows() throws IOException {
    ovs.vsctl("--no-wait", "add-br", "br0", "--", "add-br", "br1");
    client.monitor(
        List.of(new Monitored("Bridge", List.of("name"), Condition.name("br1"))), listener);
    assertThat(client.cache().rows("Bridge"))
        .extracting(row -> row.text("name"))
        .containsExactly("br1");
  }

  @Test
  void whatChangedWhileTheServerWasAwayArrivesAsChanges() throws Exception {
    follow();
    bridge(edit(), "br0").applyAndWait(client);
    ovs.killSwitch();
    ovs.killDatabase();
    while (!(heard.take() instanceof Heard.Disconnected)) {
      // What came before does not matter here.
    }
    assertThatThrownBy(() -> client.transact(new Transaction().comment("x")))
        .isInstanceOf(IOException.class);
    ovs.changeStoppedDatabase(
        """
        ["Open_vSwitch", {"op": "update", "table": "Bridge", "where": [["name", "==", "br0"]],
          "row": {"external_ids": ["map", [["away", "yes"]]]}}]\
        """);
    ovs.startDatabase();

    assertThat(heard.take()).isEqualTo(new Heard.Connected());
    // The server forgets ephemeral columns such as mac_in_use: only the bridge is looked at.
    assertThat(batch())
        .filteredOn(change -> change.table().equals("Bridge"))
        .singleElement()
        .satisfies(change -> {
          assertThat(change.before().map("external_ids")).containsOnlyKeys("owner");
          assertThat(change.after().map("external_ids")).containsOnlyKeys("away");
          assertThat(change.after().text("name")).isEqualTo("br0");
        });
    client.transact(new Transaction().comment("back"));
  }

  private List<RowChange> batch() throws InterruptedException {
    Heard next = heard.poll(30, TimeUnit.SECONDS);
    assertThat(next).isInstanceOf(Heard.Changed.class);
    return ((Heard.Changed) next).changes();
  }
}
