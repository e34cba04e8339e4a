package org.nucleon.core.transaction;

import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.nucleon.core.resource.Resource.Head;
import org.nucleon.core.state.Claim;

/**
 * Where truth is kept: a few generic tables in a database, none of them a feature's. One thread
 * uses it at a time. Several servers may share one: {@link #begin} puts their batches in one order.
 */
public interface Store extends AutoCloseable {

  /**
   * A resource as stored.
   *
   * @param type the resource type's name
   * @param head what every resource has
   * @param document the declared attributes as JSON text
   */
  record StoredResource(String type, Head head, String document) {}

  /**
   * One change as stored.
   *
   * @param type the resource type's name
   * @param id the resource's id
   * @param after null if the resource is gone
   * @param isNew whether the resource did not exist before
   * @param references what it refers to, by the attribute's name
   */
  record StoredChange(
      String type,
      UUID id,
      @Nullable StoredResource after,
      boolean isNew,
      List<StoredReference> references) {}

  /**
   * One reference as stored.
   *
   * @param role the attribute that refers
   * @param target the resource referred to
   */
  record StoredReference(String role, UUID target) {}

  /** One change set as stored; see {@link org.nucleon.core.state.ChangeSet}. */
  record StoredChangeSet(
      long number,
      List<StoredChange> changes,
      Map<Claim, UUID> claimed,
      java.util.Set<Claim> released,
      java.util.Set<UUID> guarded,
      java.util.Set<UUID> relied) {}

  /**
   * Everything there is.
   *
   * @param number the last change number
   * @param resources all resources
   * @param claims all claims with their owners
   */
  record Contents(long number, List<StoredResource> resources, Map<Claim, UUID> claims) {}

  /** Reads everything. */
  Contents load() throws StoreException;

  /**
   * Opens the next batch. Until it ends no other server's batch can.
   *
   * @param known the last change number that the caller has
   */
  Batch begin(long known) throws StoreException;

  /** One batch of change sets: one database transaction. */
  interface Batch {
    /** What other servers committed after the number that the caller knew, in order. */
    List<StoredChangeSet> others();

    /** Adds a change set, numbered one after the last. */
    void write(StoredChangeSet set) throws StoreException;

    /**
     * Makes the batch durable: when this returns, it survives loss of power.
     *
     * @throws StoreException if it is not known to be durable
     */
    void commit() throws StoreException;

    /** Gives the batch up; nothing of it is kept. */
    void rollback();
  }

  @Override
  void close();
}
