package org.nucleon.host.netlink;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.EnumSet;
import java.util.Objects;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.nucleon.host.ethernet.IpPrefix;
import org.nucleon.host.namespace.EventLoop;
import org.nucleon.host.namespace.NetworkNamespace;

@Tag("lab")
class RouteMonitorTest {
  private final BlockingQueue<NetlinkEvent> left = new LinkedBlockingQueue<>();
  private final BlockingQueue<NetlinkEvent> right = new LinkedBlockingQueue<>();
  private NetworkNamespace one;
  private NetworkNamespace two;
  private EventLoop loop;

  @BeforeEach
  void open() throws Exception {
    one = NetworkNamespace.create("mon-1");
    two = NetworkNamespace.create("mon-2");
    loop = EventLoop.start();
    var all = EnumSet.allOf(RouteMonitor.Group.class);
    RouteMonitor.watch(loop, one, all, left::add);
    RouteMonitor.watch(loop, two, all, right::add);
  }

  @AfterEach
  void close() throws Exception {
    loop.close();
    one.close();
    two.close();
    NetworkNamespace.delete("mon-1");
    NetworkNamespace.delete("mon-2");
  }

  private static void await(BlockingQueue<NetlinkEvent> events, Predicate<NetlinkEvent> wanted)
      throws Exception {
    NetlinkEvent event;
    do {
      event = Objects.requireNonNull(events.poll(10, TimeUnit.SECONDS), "no such event");
    } while (!wanted.test(event));
  }

  private void ip(String... arguments) throws Exception {
    String[] command = new String[arguments.length + 1];
    command[0] = "ip";
    System.arraycopy(arguments, 0, command, 1, arguments.length);
    assertThat(one.start(new ProcessBuilder(command).inheritIO()).waitFor()).isZero();
  }

  @Test
  void whatOthersDoIsToldInTheNamespaceWhereItHappens() throws Exception {
    ip("link", "add", "m0", "type", "veth", "peer", "name", "m1", "netns", "mon-2");
    await(left, e -> e instanceof NetlinkEvent.Present(Link l) && l.name().equals("m0"));
    await(right, e -> e instanceof NetlinkEvent.Present(Link l) && l.name().equals("m1"));

    ip("address", "add", "10.0.0.1/24", "dev", "m0");
    await(
        left,
        e ->
            e instanceof NetlinkEvent.Present(Address a)
                && a.prefix().equals(IpPrefix.parse("10.0.0.1/24")));
    ip("link", "set", "m0", "up");
    await(left, e -> e instanceof NetlinkEvent.Present(Link l) && l.name().equals("m0") && l.up());
    ip("route", "add", "10.5.0.0/16", "via", "10.0.0.9", "proto", "110");
    await(left, e -> e instanceof NetlinkEvent.Present(Route r) && r.protocol() == 110);
    ip("route", "del", "10.5.0.0/16");
    await(left, e -> e instanceof NetlinkEvent.Gone(Route r) && r.protocol() == 110);
    ip("rule", "add", "from", "10.6.0.0/16", "table", "7");
    await(left, e -> e instanceof NetlinkEvent.Present(Rule r) && r.table() == 7);
    ip("address", "del", "10.0.0.1/24", "dev", "m0");
    await(left, e -> e instanceof NetlinkEvent.Gone(Address a) && a.prefix().isIpv4());
    ip("link", "del", "m0");
    await(left, e -> e instanceof NetlinkEvent.Gone(Link l) && l.name().equals("m0"));
    await(right, e -> e instanceof NetlinkEvent.Gone(Link l) && l.name().equals("m1"));
  }
}
