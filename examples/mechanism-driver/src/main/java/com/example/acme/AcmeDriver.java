package com.example.acme;

import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.nucleon.core.feature.Configuration;
import org.nucleon.core.feature.Option;
import org.nucleon.core.resource.Attributes;
import org.nucleon.core.resource.Resource;
import org.nucleon.ml2.api.MechanismDriver;
import org.nucleon.ml2.api.Segment;
import org.nucleon.network.api.Binding;

/** Binds ports on hosts that are wired to ACME's switches, on VLANs of their physical network and on lanes. */
public final class AcmeDriver implements MechanismDriver {

  private static final Option<List<String>> HOSTS =
      Option.list("ml2_acme", "hosts", "", "the hosts that are wired to the switches");

  private static final Option<String> PHYSICAL_NETWORK =
      Option.text("ml2_acme", "physical_network", "acme", "the physical network of the switches");

  private List<String> hosts = List.of();
  private String physicalNetwork = "";

  @Override
  public String name() {
    return "acme";
  }

  @Override
  public void initialize(Configuration configuration) {
    hosts = configuration.get(HOSTS);
    physicalNetwork = configuration.get(PHYSICAL_NETWORK);
  }

  @Override
  public Result bind(Attributes port, Segment segment, Collection<Resource> agents) {
    String host = port.get(Binding.HOST_ID);
    if (!hosts.contains(host)) {
      return new Refused("host " + host + " is not wired to a switch of ACME's");
    }
    if (segment.type().equals(AcmeType.TYPE)) {
      return bound("lane", segment);
    }
    if (!segment.type().equals("vlan")
        || !Objects.equals(segment.physicalNetwork(), physicalNetwork)) {
      return new Refused("the network is no lane and no VLAN on " + physicalNetwork);
    }
    return bound("vlan", segment);
  }

  private static Bound bound(String number, Segment segment) {
    return new Bound("hw_veb", Map.of("port_filter", false, number, Objects.requireNonNull(segment.segmentationId())));
  }
}
