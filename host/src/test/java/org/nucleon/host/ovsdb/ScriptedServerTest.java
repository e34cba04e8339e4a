package org.nucleon.host.ovsdb;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.core.JsonParser;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** What a real server does seldom, done by one that follows a script. */
@Timeout(20)
final class ScriptedServerTest {
  private static final String SCHEMA =
      """
      {"id":%s,"error":null,"result":{"tables":{"Bridge":{"columns":{
        "name":{"type":"string"},
        "ports":{"type":{"key":"uuid","min":0,"max":"unlimited"}}}}}}}\
      """;
  private static final String ROW = "6f1c1d8e-0000-4000-8000-000000000001";

  /** A thread for each task: the common pool may have but one. */
  private static final Executor THREADS = task -> Thread.ofVirtual().start(task);

  @TempDir Path folder;
  private ServerSocketChannel listening;
  private OvsdbClient client;
  private Peer peer;

  /** One connection as the server sees it. */
  private static final class Peer {
    private final SocketChannel channel;

    /** Made with the first message: a parser reads some bytes as soon as it is made. */
    private JsonParser parser;

    Peer(SocketChannel channel) {
      this.channel = channel;
    }

    static Peer accept(ServerSocketChannel listening) {
      try {
        return new Peer(listening.accept());
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }

    SocketChannel channel() {
      return channel;
    }

    JsonNode receive() {
      if (parser == null) {
        parser = JsonMapper.shared().createParser(Channels.newInputStream(channel));
      }
      parser.nextToken();
      return parser.readValueAsTree();
    }

    /** Waits for a request of this method and answers it; {@code %s} becomes its id. */
    void answer(String method, String reply) throws IOException {
      JsonNode request = receive();
      assertThat(request.get("method").asString()).isEqualTo(method);
      say(reply.formatted(request.get("id")));
    }

    void say(String text) throws IOException {
      channel.write(ByteBuffer.wrap(text.getBytes(StandardCharsets.UTF_8)));
    }
  }

  @BeforeEach
  void connect() throws IOException {
    Path socket = folder.resolve("db.sock");
    listening = ServerSocketChannel.open(StandardProtocolFamily.UNIX);
    listening.bind(UnixDomainSocketAddress.of(socket));
    client = OvsdbClient.open(socket);
    peer = Peer.accept(listening);
  }

  @AfterEach
  void disconnect() throws IOException {
    client.close();
    peer.channel().close();
    listening.close();
  }

  private CompletableFuture<List<Result>> transact() {
    return CompletableFuture.supplyAsync(() -> {
      try {
        return client.transact(new Transaction().comment("x"));
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    });
  }

  @Test
  void theServersEchoIsAnsweredWithItsParameters() throws IOException {
    peer.say("{\"method\":\"echo\",\"params\":[1,\"é\"],\"id\":\"echo\"}");
    assertThat(peer.receive())
        .isEqualTo(
            JsonMapper.shared().readTree("{\"id\":\"echo\",\"result\":[1,\"é\"],\"error\":null}"));
  }

  @Test
  void messagesMayComeInPiecesAndTogether() throws Exception {
    var first = transact();
    JsonNode one = peer.receive();
    var second = transact();
    JsonNode two = peer.receive();
    String replies =
        "{\"id\":%s,\"error\":null,\"result\":[{\"count\":2}]}{\"id\":%s,\"error\":null,\"result\":[{\"count\":1}]}"
            .formatted(two.get("id"), one.get("id"));
    for (int i = 0; i < replies.length(); i += 7) {
      peer.say(replies.substring(i, Math.min(replies.length(), i + 7)));
    }
    assertThat(first.get(30, TimeUnit.SECONDS).getFirst().count()).isEqualTo(1);
    assertThat(second.get(30, TimeUnit.SECONDS).getFirst().count()).isEqualTo(2);
  }

  @Test
  void aTransactionUnderWayFailsWhenTheServerGoes() throws Exception {
    var answer =
        CompletableFuture.supplyAsync(
            () ->
                catchThrowableOfType(
                    IOException.class, () -> client.transact(new Transaction().comment("x"))),
            THREADS);
    peer.receive();
    peer.channel().close();
    assertThat(answer.get(30, TimeUnit.SECONDS)).hasMessage("connection lost");
  }

  @Test
  void anOldServerIsAskedForAPlainMonitor() throws Exception {
    var changed = new CountDownLatch(2);
    var following =
        CompletableFuture.runAsync(() -> {
          try {
            client.monitor(
                List.of(Monitored.all("Bridge", "name")),
                new OvsdbListener() {
                  @Override
                  public void changed(List<RowChange> changes, Snapshot now) {
                    changed.countDown();
                  }
                });
          } catch (IOException e) {
            throw new UncheckedIOException(e);
          }
        });
    peer.answer("get_schema", SCHEMA);
    peer.answer("monitor_cond", "{\"id\":%s,\"error\":\"unknown method\"}");
    peer.answer(
        "monitor",
        "{\"id\":%s,\"error\":null,\"result\":{\"Bridge\":{\""
            + ROW
            + "\":{\"new\":{\"name\":\"br0\"}}}}}");
    following.get(30, TimeUnit.SECONDS);
    assertThat(client.cache().rows("Bridge"))
        .extracting(row -> row.text("name"))
        .containsExactly("br0");
    peer.say(
        "{\"method\":\"update\",\"id\":null,\"params\":[\"plain\",{\"Bridge\":{\""
            + ROW
            + "\":{\"old\":{\"name\":\"br0\"}}}}]}");
    assertThat(changed.await(30, TimeUnit.SECONDS)).isTrue();
    assertThat(client.cache().rows("Bridge")).isEmpty();
  }

  @Test
  void anUpdateThatMakesNoSenseLeadsToAFreshStart() throws Exception {
    var following =
        CompletableFuture.runAsync(() -> {
          try {
            client.monitor(List.of(Monitored.all("Bridge", "name", "ports")), OvsdbListener.NONE);
          } catch (IOException e) {
            throw new UncheckedIOException(e);
          }
        });
    String row = "{\"Bridge\":{\"" + ROW + "\":{\"%s\":{\"name\":\"br0\"}}}}";
    peer.answer("get_schema", SCHEMA);
    peer.answer("monitor_cond", "{\"id\":%s,\"error\":null,\"result\":{}}");
    following.get(30, TimeUnit.SECONDS);
    peer.say(
        "{\"method\":\"update2\",\"id\":null,\"params\":[\"cond\","
            + row.formatted("modify")
            + "]}");

    peer = Peer.accept(listening);
    peer.answer("get_schema", SCHEMA);
    JsonNode request = peer.receive();
    peer.say(
        "{\"id\":%s,\"error\":null,\"result\":".formatted(request.get("id"))
            + row.formatted("initial")
            + "}");

    Snapshot now = client.await(s -> !s.rows("Bridge").isEmpty(), 30, TimeUnit.SECONDS);
    assertThat(now.rows("Bridge").iterator().next().references("ports")).isEmpty();
  }
}
