package org.nucleon.qos.api;

import java.util.Set;
import org.nucleon.core.feature.OfCorePlugin;
import org.nucleon.core.schema.Attribute;

/**
 * What a backend does with QoS rules. Found by {@link java.util.ServiceLoader}; what no driver does
 * is no rule type.
 */
public interface QosDriver extends OfCorePlugin {

  /** The backend's name: {@code openvswitch}. */
  String name();

  /** The parameters of rules that it acts by; a type of which it takes none is not its. */
  Set<Attribute<?>> parameters();
}
