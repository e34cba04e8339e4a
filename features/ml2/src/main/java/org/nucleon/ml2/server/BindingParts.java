package org.nucleon.ml2.server;

import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.nucleon.core.ApiException;
import org.nucleon.core.feature.Parts;
import org.nucleon.core.resource.Draft;
import org.nucleon.core.resource.Resource;
import org.nucleon.core.resource.View;
import org.nucleon.core.schema.Layout;
import org.nucleon.core.transaction.Transaction;
import org.nucleon.ml2.api.PortBindings;
import org.nucleon.network.api.Binding;
import org.nucleon.network.api.Ports;

/** The bindings of ports: the active one is made of the port, the others are kept. */
final class BindingParts implements Parts {

  private final BindingRules rules;

  BindingParts(BindingRules rules) {
    this.rules = rules;
  }

  @Override
  public Collection<Resource> list(View view, Resource port, Layout bindings) {
    List<Resource> all = new ArrayList<>();
    if (!port.get(Binding.HOST_ID).isEmpty()) {
      all.add(active(port, bindings));
    }
    all.addAll(view.list(PortBindings.PORT_ID, port.id()));
    return all;
  }

  private static Resource active(Resource port, Layout bindings) {
    return new Draft(bindings, port.id(), port.project())
        .set(PortBindings.PORT_ID, port.id())
        .set(PortBindings.HOST, port.get(Binding.HOST_ID))
        .set(PortBindings.VNIC_TYPE, port.get(Binding.VNIC_TYPE))
        .set(PortBindings.PROFILE, port.get(Binding.PROFILE))
        .set(PortBindings.VIF_TYPE, port.get(Binding.VIF_TYPE))
        .set(PortBindings.VIF_DETAILS, port.get(Binding.VIF_DETAILS))
        .set(PortBindings.STATUS, PortBindings.ACTIVE)
        .toResource(port.updatedAt());
  }

  @Override
  public Resource create(Transaction tx, Draft binding) {
    Resource port = guarded(tx, binding.get(PortBindings.PORT_ID));
    refuseUnlessCompute(port);
    String host = binding.get(PortBindings.HOST);
    if (list(tx, port, binding.layout()).stream()
        .anyMatch(other -> other.get(PortBindings.HOST).equals(host))) {
      throw ApiException.conflict(
          "PortBindingAlreadyExists",
          "Binding for port " + port.id() + " on host " + host + " already exists.");
    }
    if (port.get(Binding.HOST_ID).isEmpty()) {
      return bindPort(tx, port, binding);
    }
    decide(tx, port, binding);
    Resource made = tx.create(binding);
    settleTargets(tx, port);
    return made;
  }

  @Override
  public Resource update(Transaction tx, Draft binding) {
    Resource port = guarded(tx, binding.get(PortBindings.PORT_ID));
    refuseUnlessCompute(port);
    if (isActive(binding.get(PortBindings.STATUS))) {
      return bindPort(tx, port, binding);
    }
    decide(tx, port, binding);
    Resource changed = tx.update(binding);
    settleTargets(tx, port);
    return changed;
  }

  @Override
  public void delete(Transaction tx, Resource binding) {
    Resource port = guarded(tx, binding.get(PortBindings.PORT_ID));
    if (isActive(binding.get(PortBindings.STATUS))) {
      tx.update(port, draft -> draft.set(Binding.HOST_ID, ""));
    } else {
      tx.delete(binding);
      settleTargets(tx, port);
    }
  }

  /** {@code PUT /ports/{id}/bindings/{host}/activate}: the port moves there. */
  Object activate(Transaction tx, Resource binding, Map<String, @Nullable Object> body) {
    Resource port = guarded(tx, binding.get(PortBindings.PORT_ID));
    refuseUnlessCompute(port);
    String host = binding.get(PortBindings.HOST);
    if (isActive(binding.get(PortBindings.STATUS))) {
      throw ApiException.conflict(
          "PortBindingAlreadyActive",
          "Binding for port " + port.id() + " on host " + host + " is already active.");
    }
    Draft next = new Draft(binding);
    tx.delete(binding);
    if (!port.get(Binding.HOST_ID).isEmpty()) {
      tx.create(
          tx.draft(PortBindings.BINDING, port.project())
              .set(PortBindings.PORT_ID, port.id())
              .set(PortBindings.HOST, port.get(Binding.HOST_ID))
              .set(PortBindings.VNIC_TYPE, port.get(Binding.VNIC_TYPE))
              .set(PortBindings.PROFILE, port.get(Binding.PROFILE)));
    }
    return Map.of(PortBindings.BINDING.name(), bindPort(tx, port, next));
  }

  private static boolean isActive(String status) {
    return status.equals(PortBindings.ACTIVE);
  }

  /** The port, of whose bindings nobody else changes any at the same time. */
  private static Resource guarded(Transaction tx, java.util.UUID id) {
    Resource port = tx.get(Ports.PORT, id);
    tx.guards(port);
    return port;
  }

  private static void refuseUnlessCompute(Resource port) {
    if (!port.get(Ports.DEVICE_OWNER).startsWith("compute:")) {
      throw ApiException.badRequest(
          "BadRequest",
          "Bad port request: " + port.id() + " is no port of a compute instance (device_owner).");
    }
  }

  /** The port itself is bound as a binding says; that is then the active one. */
  private static Resource bindPort(Transaction tx, Resource port, Draft binding) {
    Resource bound =
        tx.update(
            port,
            draft ->
                draft
                    .set(Binding.HOST_ID, binding.get(PortBindings.HOST))
                    .set(Binding.VNIC_TYPE, binding.get(PortBindings.VNIC_TYPE))
                    .set(Binding.PROFILE, binding.get(PortBindings.PROFILE)));
    refuseIfFailed(bound.get(Binding.VIF_TYPE), bound.get(Binding.VIF_DETAILS), port, binding);
    return active(bound, binding.layout());
  }

  /** How the port would be plugged if it were on the binding's host. */
  private void decide(Transaction tx, Resource port, Draft binding) {
    Draft there =
        new Draft(port)
            .set(Binding.HOST_ID, binding.get(PortBindings.HOST))
            .set(Binding.VNIC_TYPE, binding.get(PortBindings.VNIC_TYPE))
            .set(Binding.PROFILE, binding.get(PortBindings.PROFILE));
    rules.decide(tx, there);
    refuseIfFailed(there.get(Binding.VIF_TYPE), there.get(Binding.VIF_DETAILS), port, binding);
    binding
        .set(PortBindings.VIF_TYPE, there.get(Binding.VIF_TYPE))
        .set(PortBindings.VIF_DETAILS, there.get(Binding.VIF_DETAILS));
  }

  private static void refuseIfFailed(
      String vifType, Map<String, Object> vifDetails, Resource port, Draft binding) {
    if (vifType.equals(Binding.FAILED)) {
      // Neutron says 500; the compute service takes any refusal for a failed binding.
      throw ApiException.conflict(
          "PortBindingError",
          "Binding for port "
              + port.id()
              + " on host "
              + binding.get(PortBindings.HOST)
              + " could not be created or updated: "
              + vifDetails.get(BindingRules.REASON)
              + ".");
    }
  }

  private static void settleTargets(Transaction tx, Resource port) {
    tx.update(port, draft -> BindingRules.settleTargets(tx, draft));
  }
}
