package org.nucleon.ml2.server;

import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.nucleon.core.ApiException;
import org.nucleon.core.feature.Configuration;
import org.nucleon.core.feature.Option;
import org.nucleon.core.state.Claim;
import org.nucleon.core.transaction.Transaction;
import org.nucleon.ml2.api.Segment;
import org.nucleon.ml2.api.TypeDriver;

/** What overlays have in common: a number, a claim on it, and room that the tunnel takes. */
abstract class TunnelType implements TypeDriver {

  private final String type;
  private final int last;
  private final Option<List<String>> option;
  private List<NumberRange> ranges = List.of();
  private @Nullable Mtu mtu;
  private int encapsulation;

  /**
   * A type of overlay.
   *
   * @param last the largest number that a tunnel of the type can carry
   * @param option the ranges of numbers for tenants, each {@code min:max}
   */
  TunnelType(String type, int last, Option<List<String>> option) {
    this.type = type;
    this.last = last;
    this.option = option;
  }

  /**
   * What the tunnel adds to a packet beside the outer IP header, the inner Ethernet header (14)
   * included; bytes.
   *
   * @throws IllegalArgumentException naming an option that is wrong
   */
  abstract int encapsulation(Configuration configuration);

  @Override
  public final String type() {
    return type;
  }

  @Override
  public final void initialize(Configuration configuration) {
    ranges =
        configuration.get(option).stream()
            .map(text -> NumberRange.of(option, text, 1, last))
            .toList();
    encapsulation = encapsulation(configuration);
    mtu = new Mtu(configuration);
  }

  private Claim claim(long number) {
    return new Claim(type, "", "%08x".formatted(number));
  }

  @Override
  public final Segment reserve(Transaction tx, UUID network, Segment wanted) {
    if (wanted.physicalNetwork() != null) {
      throw ApiException.invalidInput(
          "provider:physical_network specified for " + type + " network, which has none");
    }
    Integer number = wanted.segmentationId();
    if (number == null) {
      return allocate(tx, network)
          .orElseThrow(() ->
              ApiException.unavailable(
                  "NoNetworkAvailable",
                  "Unable to create the network. No %s tunnel ID is available."
                      .formatted(type.toUpperCase(Locale.ROOT))));
    }
    if (number < 1 || number > last) {
      throw ApiException.invalidInput(
          "provider:segmentation_id out of range (1 through " + last + ")");
    }
    if (!tx.claim(claim(number), network)) {
      throw ApiException.conflict(
          "TunnelIdInUse", "Unable to create the network. The tunnel ID " + number + " is in use.");
    }
    return new Segment(type, null, number);
  }

  @Override
  public final Optional<Segment> allocate(Transaction tx, UUID network) {
    return ranges.stream()
        .flatMap(range -> range.claimFirstFree(tx, network, this::claim).stream())
        .map(number -> new Segment(type, null, number))
        .findFirst();
  }

  @Override
  public final int mtu(Segment segment) {
    if (mtu == null) {
      throw new IllegalStateException(type + " is asked before it has its options");
    }
    return mtu.overlay(encapsulation);
  }
}
