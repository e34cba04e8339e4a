package org.nucleon.agent;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.Channels;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** The agent's socket in its state folder, by which {@code nucleon agent diff} asks it. */
public final class ControlSocket implements AutoCloseable {

  private static final System.Logger LOG = System.getLogger("nucleon.agent");

  private final ServerSocketChannel server;
  private final HostAgent agent;

  /** Listens in the agent's state folder, which only root can enter. */
  public ControlSocket(Path stateFolder, HostAgent agent) throws IOException {
    this.agent = agent;
    Path path = path(stateFolder);
    Files.deleteIfExists(path);
    server = ServerSocketChannel.open(StandardProtocolFamily.UNIX);
    server.bind(UnixDomainSocketAddress.of(path));
    Thread.ofVirtual().name("control").start(this::run);
  }

  private static Path path(Path stateFolder) {
    return stateFolder.resolve("agent.sock");
  }

  private void run() {
    while (server.isOpen()) {
      try {
        SocketChannel client = server.accept();
        Thread.ofVirtual().start(() -> answer(client));
      } catch (IOException e) {
        return; // closed
      }
    }
  }

  private void answer(SocketChannel client) {
    try (client) {
      String command = reader(client).readLine();
      if (command != null) {
        for (String line : agent.ask(command)) {
          Channels.newOutputStream(client).write((line + "\n").getBytes(StandardCharsets.UTF_8));
        }
      }
    } catch (IOException e) {
      LOG.log(System.Logger.Level.DEBUG, "a question was broken off", e);
    }
  }

  private static BufferedReader reader(SocketChannel channel) {
    return new BufferedReader(
        new InputStreamReader(Channels.newInputStream(channel), StandardCharsets.UTF_8));
  }

  /**
   * Asks the agent of a state folder.
   *
   * @param command see {@link HostAgent#ask}
   * @throws IOException if no agent is running there
   */
  public static List<String> ask(Path stateFolder, String command) throws IOException {
    try (SocketChannel channel =
        SocketChannel.open(UnixDomainSocketAddress.of(path(stateFolder)))) {
      Channels.newOutputStream(channel).write((command + "\n").getBytes(StandardCharsets.UTF_8));
      return reader(channel).lines().toList();
    }
  }

  @Override
  public void close() {
    try {
      server.close();
    } catch (IOException e) {
      LOG.log(System.Logger.Level.DEBUG, "closing the control socket", e);
    }
  }
}
