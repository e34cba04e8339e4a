package org.nucleon.core.transaction;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.Set;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.nucleon.core.resource.Resource.Head;
import org.nucleon.core.state.Claim;

/**
 * Where truth is kept: a few generic tables in a database, none of them a feature's. One thread
 * uses it at a time, but for {@link #newest}. Several servers may share one: {@link #begin} puts
 * their batches in one order.
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
   * @param head what every resource has; of a resource that is gone, what it had
   * @param document the declared attributes as JSON text, null if the resource is gone
   * @param before as JSON text, the attributes that had another value before; of a resource that is
   *     gone all, of a new one none
   * @param isNew whether the resource did not exist before
   * @param references what it refers to, by the attribute's name; not read back
   */
  record StoredChange(
      String type,
      Head head,
      @Nullable String document,
      String before,
      boolean isNew,
      List<StoredReference> references) {

    /** The resource's id. */
    public UUID id() {
      return head.id();
    }
  }

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
      Set<Claim> released,
      Set<UUID> guarded,
      Set<UUID> relied,
      Set<UUID> requested) {}

  /**
   * Everything there is.
   *
   * @param number the last change number
   * @param resources all resources
   * @param claims all claims with their owners
   */
  record Contents(long number, List<StoredResource> resources, Map<Claim, UUID> claims) {}

  /** Reads everything, as of one moment. */
  Contents load() throws StoreException;

  /** Whether other servers may write to it as well. */
  boolean isShared();

  /**
   * The number of the last change that any server has committed. Any thread may ask.
   *
   * @throws StoreException if the database does not say
   */
  long newest() throws StoreException;

  /**
   * The change sets after a number, in order.
   *
   * @param most no more than so many
   * @throws StoreException also if they are no longer kept, which its kind says
   */
  List<StoredChangeSet> since(long number, int most) throws StoreException;

  /**
   * Opens the next batch. Until it ends no other server's batch can.
   *
   * @param known the last change number that the caller has
   */
  Batch begin(long known) throws StoreException;

  /**
   * Looks up a batch whose commit's answer was lost.
   *
   * @return whether it was kept; if not, it never will be
   * @throws StoreException of kind {@link StoreException.Kind#DOUBTFUL} if that cannot be found out
   *     at all, of another if not now
   */
  boolean isCommitted(UUID batch) throws StoreException;

  /**
   * Takes or keeps a cursor into the log for one server at a time. One that nobody had begins after
   * the last change. The log is not trimmed past it, up to a limit at which it is given up, which
   * the log of the server says: it then begins anew after the last change.
   *
   * @param cursor its name
   * @param holder the server that asks
   * @param time for how long others are kept away
   * @return the number of the last change that was seen to, empty while another server holds it
   */
  OptionalLong lease(String cursor, UUID holder, Duration time) throws StoreException;

  /** Moves a cursor on, if the server still holds it. */
  void advance(String cursor, UUID holder, long number) throws StoreException;

  /** Lets go of a cursor, for another server to take at once. */
  void release(String cursor, UUID holder) throws StoreException;

  /** One batch of change sets: one database transaction. */
  interface Batch {
    /** By what it is looked up after a commit whose answer was lost. */
    UUID id();

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
