package org.nucleon.ml2.api;

import java.util.Collection;
import java.util.Map;
import org.nucleon.core.feature.Configuration;
import org.nucleon.core.resource.Attributes;
import org.nucleon.core.resource.Resource;

/**
 * A way to connect ports to segments. Found by {@link java.util.ServiceLoader} and switched on, in
 * order, by {@code [ml2] mechanism_drivers}.
 */
public interface MechanismDriver {

  /** Its name in {@code [ml2] mechanism_drivers}. */
  String name();

  /** Reads its options, once, before anything else. */
  void initialize(Configuration configuration);

  /** What came of trying to bind a port. */
  sealed interface Result {}

  /**
   * The driver serves the port.
   *
   * @param vifType the value of {@code binding:vif_type}
   * @param vifDetails the value of {@code binding:vif_details}
   */
  record Bound(String vifType, Map<String, Object> vifDetails) implements Result {}

  /**
   * The driver cannot serve the port.
   *
   * @param reason for the operator
   */
  record Refused(String reason) implements Result {}

  /** Whether ports that it bound stay so when their segment gets another number. */
  default boolean followsNumbers() {
    return false;
  }

  /** Whether frames with guests' own VLAN tags pass between the ports that it binds. */
  default boolean isVlanTransparent() {
    return false;
  }

  /**
   * Tries to bind a port to its host. Runs inside the transaction, perhaps more than once: a
   * function of its arguments.
   *
   * @param port with its host, vnic type and profile
   * @param agents all agents of that host; {@code alive} are also those that were lost less than
   *     {@code agent_down_time} ago
   */
  Result bind(Attributes port, Segment segment, Collection<Resource> agents);
}
