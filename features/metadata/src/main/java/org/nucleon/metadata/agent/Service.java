package org.nucleon.metadata.agent;

import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetSocketAddress;
import java.nio.channels.Channels;
import java.nio.channels.SocketChannel;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.nucleon.core.net.IpAddress;
import org.nucleon.core.resource.View;

/** Answers guests. Each connection is one request, and may last only so long. */
final class Service implements AutoCloseable {
  private static final System.Logger LOG = System.getLogger("nucleon.metadata");

  private final Supplier<? extends View> view;
  private final Nova nova;
  private final Duration limit;
  private final ScheduledExecutorService clock =
      Executors.newSingleThreadScheduledExecutor(
          Thread.ofPlatform().daemon().name("metadata-clock").factory());

  /**
   * A service.
   *
   * @param view the resources as they are now
   * @param nova who knows the answers
   * @param limit how long a connection may last
   */
  Service(Supplier<? extends View> view, Nova nova, Duration limit) {
    this.view = view;
    this.nova = nova;
    this.limit = limit;
  }

  /** Reads a request, answers it and closes the connection, whatever happens. */
  void serve(SocketChannel channel, Place place) {
    ScheduledFuture<?> end =
        clock.schedule(() -> close(channel), limit.toMillis(), TimeUnit.MILLISECONDS);
    try (channel) {
      InputStream in = new java.io.BufferedInputStream(Channels.newInputStream(channel));
      answer(channel, place, in, Channels.newOutputStream(channel));
      channel.shutdownOutput();
      in.skipNBytes(GuestRequest.MAX_CONTENT); // else what was not read would take the answer away
    } catch (EOFException e) {
      // as it should end
    } catch (IOException e) {
      LOG.log(System.Logger.Level.DEBUG, "a guest's request was broken off", e);
    } finally {
      end.cancel(false);
    }
  }

  private void answer(SocketChannel channel, Place place, InputStream in, OutputStream out)
      throws IOException {
    boolean whole = true;
    Answer answer;
    try {
      GuestRequest request = GuestRequest.read(in, out);
      whole = !request.method().equals("HEAD");
      IpAddress source =
          IpAddress.ofBytes(
              ((InetSocketAddress) channel.getRemoteAddress()).getAddress().getAddress());
      Optional<Guest> guest = Guest.find(view.get(), place, source);
      answer =
          guest.isPresent()
              ? nova.ask(request, guest.get(), source)
              : Answer.of(404, "No server is known at this address.");
    } catch (RefusedRequest e) {
      answer = Answer.of(e.status(), String.valueOf(e.getMessage()));
    } catch (RuntimeException e) {
      LOG.log(System.Logger.Level.ERROR, "a guest's request failed", e);
      answer = Answer.of(500, "The metadata service has a problem.");
    }
    answer.write(out, whole);
  }

  private static void close(SocketChannel channel) {
    try {
      channel.close();
    } catch (IOException e) {
      LOG.log(System.Logger.Level.DEBUG, "closing a connection", e);
    }
  }

  @Override
  public void close() {
    clock.shutdownNow();
  }
}
