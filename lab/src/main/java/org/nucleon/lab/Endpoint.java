package org.nucleon.lab;

import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.regex.Pattern;

/** A machine at the edge of a network, with what can be tried from there. */
public sealed class Endpoint implements AutoCloseable permits Guest {
  /** How long a probe waits for an answer that may never come. */
  private static final String LIMIT_SECONDS = "2";

  private static final Duration PATIENCE = Duration.ofSeconds(10);

  private final Machine machine;
  private final String probe;

  /** Gives a machine on which the lab's scripts lie in {@code folder} its tools. */
  Endpoint(Machine machine, Path folder) {
    this.machine = machine;
    this.probe = Script.PROBE.in(folder).toString();
  }

  /** How a TCP connection attempt ended. */
  public enum Tcp {
    /** Accepted. */
    OPEN,
    /** Reset at once: reachable, and nobody listens. */
    REFUSED,
    /** No answer within two seconds. */
    FILTERED,
    /** No way there, by the own host's or a router's word. */
    UNREACHABLE
  }

  /** What became of a datagram to an echo service. */
  public enum Udp {
    /** It came back. */
    ANSWERED,
    /** Nobody listens there. */
    REFUSED,
    /** No answer within two seconds. */
    SILENT,
    /** No way there, by the own host's or a router's word. */
    UNREACHABLE
  }

  /**
   * The machine itself.
   *
   * @return the machine
   */
  public final Machine machine() {
    return machine;
  }

  /**
   * Its name.
   *
   * @return its host name
   */
  public final String name() {
    return machine.name();
  }

  /**
   * Sends one echo request.
   *
   * @param address an IPv4 or IPv6 address
   * @return whether it was answered within two seconds
   */
  public final boolean ping(String address) {
    return machine.attempt("ping", "-n", "-c", "1", "-W", LIMIT_SECONDS, address).status() == 0;
  }

  /**
   * Sends one echo request that may not be fragmented.
   *
   * @param address an IPv4 address
   * @param mtu the size of the whole IPv4 packet, in bytes
   * @return whether it was answered within two seconds
   */
  public final boolean pingOfSize(String address, int mtu) {
    String payload = Integer.toString(mtu - 28);
    return machine
            .attempt(
                "ping", "-n", "-c", "1", "-W", LIMIT_SECONDS, "-M", "do", "-s", payload, address)
            .status()
        == 0;
  }

  /**
   * Pings without end, every 10 ms, from the first answer on.
   *
   * @param address an IPv4 or IPv6 address
   * @return the running pings; the first has been answered
   */
  public final ContinuousPing pings(String address) {
    return ContinuousPing.start(machine, address, "0.01");
  }

  /**
   * The same, but for the pace: five echo requests a second, the most that {@code ping} grants an
   * ordinary user.
   *
   * @param address whom to ask
   * @return the running ping, which has had its first reply
   */
  public final ContinuousPing pingsAsAnybodyMay(String address) {
    return ContinuousPing.start(machine, address, "0.2");
  }

  /**
   * Tries a TCP connection.
   *
   * @param address an IPv4 or IPv6 address
   * @param port the port
   * @return how it ended
   */
  public final Tcp tcp(String address, int port) {
    return Tcp.valueOf(tried("tcp", address, port).toUpperCase(Locale.ROOT));
  }

  /**
   * Sends a datagram to an echo service.
   *
   * @param address an IPv4 or IPv6 address
   * @param port the port
   * @return what became of it
   */
  public final Udp udp(String address, int port) {
    return Udp.valueOf(tried("udp", address, port).toUpperCase(Locale.ROOT));
  }

  /**
   * Asks a {@link #serve serving} endpoint, by HTTP, who is asking.
   *
   * @param address an IPv4 or IPv6 address
   * @param port the port
   * @return the own address as the other end sees it
   * @throws LabException if there is no answer within two seconds
   */
  public final String addressSeenBy(String address, int port) {
    return tried("http", address, port);
  }

  /**
   * Asks by HTTP.
   *
   * @param address an IPv4 or IPv6 address
   * @param port the port
   * @param path what to ask for
   * @param headers more lines of the request's head
   * @return the status and, behind a blank, the body
   * @throws LabException if there is no answer within ten seconds
   */
  public final String ask(String address, int port, String path, String... headers) {
    List<String> command =
        new ArrayList<>(
            List.of(
                "/usr/bin/python3",
                "-IS",
                probe,
                "http",
                address,
                Integer.toString(port),
                Long.toString(PATIENCE.toSeconds()),
                path));
    command.addAll(List.of(headers));
    return machine.exec(command.toArray(String[]::new));
  }

  /**
   * Plays Nova's metadata API on a port of every own address: answers with the instance's id that
   * it is told, and writes what {@link AskedNova} reads.
   *
   * @return the running service; it is listening
   */
  public final Daemon serveMetadata(int port) {
    Daemon service =
        machine.start(
            "nova-" + port, "/usr/bin/python3", "-IS", probe, "nova", Integer.toString(port));
    service.await(Pattern.compile("serving " + port), PATIENCE);
    return service;
  }

  /**
   * Serves TCP echo, UDP echo and HTTP on ports of every own address.
   *
   * @param ports the ports
   * @return the running service; it is listening, and its log tells every caller's address
   */
  public final Daemon serve(int... ports) {
    StringBuilder list = new StringBuilder();
    for (int port : ports) {
      list.append(' ').append(port);
    }
    Daemon service =
        machine.start(
            "serve" + list.toString().replace(' ', '-'),
            "sh",
            "-c",
            "exec /usr/bin/python3 -IS " + probe + " serve" + list);
    service.await(Pattern.compile("serving" + list), PATIENCE);
    return service;
  }

  /**
   * Sends much to an endpoint that {@link #serve serves} and waits until all has come back. The
   * kernel forbids that its packets are fragmented.
   *
   * @param address an IPv4 or IPv6 address
   * @param port the port
   * @param bytes how much
   * @return the size of its segments in the end: the packets' without headers and options
   * @throws LabException if nothing moves for 20 seconds
   */
  public final int bulk(String address, int port, int bytes) {
    return Integer.parseInt(
        machine.exec(
            "/usr/bin/python3",
            "-IS",
            probe,
            "bulk",
            address,
            Integer.toString(port),
            Integer.toString(bytes)));
  }

  /**
   * Sends to an endpoint without end, for it to {@link #weigh}.
   *
   * @param address an IPv4 or IPv6 address; for TCP somebody weighs there
   * @param port the port
   * @param mbits how many millions of bits a second at most, without headers
   * @param protocol {@code tcp} or {@code udp}
   * @return what sends, to be killed
   */
  public final Daemon flood(String address, int port, int mbits, String protocol) {
    Daemon sender =
        machine.start(
            "flood-" + protocol + "-" + port,
            "/usr/bin/python3",
            "-IS",
            probe,
            "flood",
            address,
            Integer.toString(port),
            Integer.toString(mbits),
            protocol);
    sender.await(Pattern.compile("flooding"), PATIENCE);
    return sender;
  }

  /**
   * How much of a {@link #flood} arrives.
   *
   * @param port the port
   * @param begin run once it listens
   * @return thousands of bits a second, without headers
   */
  public final int weigh(int port, Runnable begin) {
    Daemon scale =
        machine.start(
            "weigh-" + port + "-" + java.util.UUID.randomUUID(),
            "/usr/bin/python3",
            "-IS",
            probe,
            "weigh",
            Integer.toString(port));
    scale.await(Pattern.compile("weighing"), PATIENCE);
    begin.run();
    return Integer.parseInt(scale.await(Pattern.compile("(?m)^[0-9]+$"), PATIENCE).group());
  }

  /**
   * What a ping says that may not be fragmented.
   *
   * @param address an IPv4 address
   * @param mtu the size of the whole IPv4 packet, in bytes
   * @return the program's words
   */
  public final String pingWords(String address, int mtu) {
    Output output =
        machine.attempt(
            "ping",
            "-n",
            "-c",
            "1",
            "-W",
            LIMIT_SECONDS,
            "-M",
            "do",
            "-s",
            Integer.toString(mtu - 28),
            address);
    return output.out() + output.err();
  }

  /**
   * Opens a TCP connection that stays.
   *
   * @param address an address where {@link #serve} runs
   * @param port the port
   * @return the open connection
   * @throws LabException if it can't be opened
   */
  public final Conversation talk(String address, int port) {
    return Conversation.open(
        machine.entering(
            List.of("/usr/bin/python3", "-IS", probe, "talk", address, Integer.toString(port))));
  }

  /**
   * Sends frames as they are, one after the other.
   *
   * @param device the interface
   * @param frames the frames
   */
  public final void send(String device, Frame... frames) {
    List<String> command =
        new ArrayList<>(List.of("/usr/bin/python3", "-IS", probe, "send", device));
    for (Frame frame : frames) {
      command.add(frame.hex());
    }
    machine.exec(command.toArray(String[]::new));
  }

  /**
   * Listens to every frame that arrives.
   *
   * @param device the interface
   * @return the running capture; it hears from now on
   */
  public final Capture capture(String device) {
    return Capture.open(
        machine.entering(List.of("/usr/bin/python3", "-IS", probe, "capture", device)));
  }

  /** Ends the machine. */
  @Override
  public void close() {
    machine.close();
  }

  @Override
  public final String toString() {
    return name();
  }

  private String tried(String verb, String address, int port) {
    return machine.exec(
        "/usr/bin/python3", "-IS", probe, verb, address, Integer.toString(port), LIMIT_SECONDS);
  }
}
