package org.nucleon.host.netlink;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.InetAddress;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.nucleon.host.ethernet.IpPrefix;
import org.nucleon.host.ethernet.MacAddress;

class MessageTest {
  private static final MacAddress MAC = MacAddress.parse("fa:16:3e:01:02:03");

  static Stream<Request> additions() {
    Route route =
        new Route(
            Route.Type.UNICAST,
            100_000,
            110,
            IpPrefix.parse("2001:db8:1::/48"),
            InetAddress.ofLiteral("fe80::1"),
            7,
            InetAddress.ofLiteral("2001:db8::1"),
            Scope.UNIVERSE,
            50);
    return Stream.of(
        new Request.PutAddress(
            new Address(
                9, IpPrefix.parse("10.1.2.3/20"), Scope.LINK, Set.of(Address.Flag.NOPREFIXROUTE))),
        new Request.PutAddress(Address.of(9, IpPrefix.parse("2001:db8::1/64"), Address.Flag.NODAD)),
        new Request.AddRoute(route),
        new Request.PutRoute(Route.onLink(110, IpPrefix.parse("0.0.0.0/0"), 3)),
        new Request.AddRule(
            new Rule(
                true,
                100,
                IpPrefix.parse("10.0.0.0/8"),
                IpPrefix.parse("10.1.0.0/16"),
                "qr-1",
                "qg-1",
                0x10,
                0xff,
                1000,
                110)),
        new Request.AddRule(Rule.from(IpPrefix.parse("2001:db8::/32"), 5, 99, 110)),
        new Request.PutNeighbour(Neighbour.permanent(4, InetAddress.ofLiteral("fe80::2"), MAC)));
  }

  /** What is asked for has the layout of what the kernel tells, so it must read back the same. */
  @ParameterizedTest
  @MethodSource("additions")
  void whatIsWrittenReadsBack(Request request) {
    MessageWriter out = new MessageWriter();
    Encoder.encode(out, request, 42);
    List<Message> messages = Message.split(out.bytes());

    assertThat(messages).hasSize(1);
    Message message = messages.getFirst();
    assertThat(message.sequence()).isEqualTo(42);
    NetlinkObject expected =
        switch (request) {
          case Request.PutAddress(Address address) -> address;
          case Request.AddRoute(Route r) -> r;
          case Request.PutRoute(Route r) -> r;
          case Request.AddRule(Rule rule) -> rule;
          case Request.PutNeighbour(Neighbour neighbour) -> neighbour;
          default -> throw new AssertionError(request);
        };
    assertThat(Decoder.decode(message.type(), message.body())).isEqualTo(expected);
  }

  /** Spelled out from netlink(7) and rtnetlink(7). */
  @Test
  void layoutIsTheKernels() {
    MessageWriter out = new MessageWriter();
    Encoder.encode(out, new Request.SetMtu(5, 1450), 1);
    ByteBuffer expected =
        ByteBuffer.allocate(40)
            .order(ByteOrder.nativeOrder())
            .putInt(40)
            .putShort((short) 19)
            .putShort((short) 5)
            .putInt(1)
            .putInt(0)
            .putInt(0)
            .putInt(5)
            .putInt(0)
            .putInt(0)
            .putShort((short) 8)
            .putShort((short) 4)
            .putInt(1450);
    assertThat(out.bytes()).isEqualTo(expected.array());
  }

  @Test
  void severalRequestsFollowEachOtherAligned() {
    MessageWriter out = new MessageWriter();
    for (int i = 0; i < 300; i++) {
      Encoder.encode(out, new Request.SetAlias(i, "x".repeat(i % 7)), i);
    }
    assertThat(Message.split(out.bytes()))
        .hasSize(300)
        .extracting(Message::sequence)
        .startsWith(0, 1, 2)
        .endsWith(298, 299);
  }

  @Test
  void truncatedDatagramsAreReadAsFarAsTheyGo() {
    MessageWriter out = new MessageWriter();
    Encoder.encode(out, new Request.SetMtu(5, 1450), 1);
    Encoder.encode(out, new Request.SetMtu(6, 1450), 2);
    byte[] all = out.bytes();
    for (int length = 0; length < all.length; length++) {
      assertThat(Message.split(Arrays.copyOf(all, length))).hasSize(length / 40);
    }
  }

  @Test
  void refusalCarriesErrnoAndTheKernelsWords() {
    ByteBuffer error =
        ByteBuffer.allocate(16 + 20 + 12)
            .order(ByteOrder.nativeOrder())
            .putInt(48)
            .putShort((short) 2)
            .putShort((short) 0x300)
            .putInt(7)
            .putInt(0)
            .putInt(-17)
            .put(new byte[16])
            .putShort((short) 12)
            .putShort((short) 1)
            .put("in use\0\0".getBytes(StandardCharsets.US_ASCII));
    Message message = Message.split(error.array()).getFirst();
    assertThat(message.error()).isEqualTo(17);
    assertThat(message.explanation()).isEqualTo("in use");
  }

  @Test
  void namesThatNoDeviceCanHaveAreRefused() {
    for (String name : List.of("", "a b", "a/b", "sixteen-letters!", "..", "a:b", "tap%d")) {
      assertThatThrownBy(() -> new Request.Rename(1, name))
          .isInstanceOf(IllegalArgumentException.class);
    }
  }
}
