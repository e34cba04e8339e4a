package org.nucleon.ml2.api;

import java.util.Optional;
import java.util.UUID;
import org.nucleon.core.feature.Configuration;
import org.nucleon.core.transaction.Transaction;

/**
 * A type of network segment. Found by {@link java.util.ServiceLoader} and switched on by {@code
 * [ml2] type_drivers}. Segments are claims of their network: a duplicate is the conflict, and
 * removing the network frees them.
 */
public interface TypeDriver {

  /** The value of {@code provider:network_type}. */
  String type();

  /**
   * Reads its options, once, before anything else.
   *
   * @throws IllegalArgumentException naming an option that is wrong
   */
  void initialize(Configuration configuration);

  /**
   * Claims the segment that an administrator asks for, choosing what is left open.
   *
   * @throws org.nucleon.core.ApiException 400 if it cannot be such a segment, 409 if it is taken,
   *     503 if none is left
   */
  Segment reserve(Transaction tx, UUID network, Segment wanted);

  /** Claims any segment for a tenant's network; empty if none is left or tenants get none. */
  Optional<Segment> allocate(Transaction tx, UUID network);

  /**
   * Claims another number for a segment in use, and gives the present one up; empty if segments of
   * the type keep theirs.
   *
   * @throws org.nucleon.core.ApiException as {@link #reserve}
   */
  default Optional<Segment> renumber(Transaction tx, UUID network, Segment present, int number) {
    return Optional.empty();
  }

  /** The largest IP packet that the segment carries, bytes. */
  int mtu(Segment segment);
}
