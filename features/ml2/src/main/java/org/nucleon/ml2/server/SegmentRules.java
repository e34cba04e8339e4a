package org.nucleon.ml2.server;

import java.util.List;
import java.util.Map;
import org.nucleon.core.ApiException;
import org.nucleon.core.resource.Draft;
import org.nucleon.core.resource.Resource;
import org.nucleon.core.schema.Values;
import org.nucleon.core.transaction.ResourceRules;
import org.nucleon.core.transaction.Transaction;
import org.nucleon.ml2.api.Provider;
import org.nucleon.ml2.api.Segment;
import org.nucleon.ml2.api.TypeDriver;
import org.nucleon.network.api.Networks;

/** Gives each network its segment, and the MTU that the segment allows. */
final class SegmentRules implements ResourceRules {

  private final Map<String, TypeDriver> types;
  private final List<TypeDriver> tenantTypes;

  SegmentRules(Map<String, TypeDriver> types, List<TypeDriver> tenantTypes) {
    this.types = types;
    this.tenantTypes = tenantTypes;
  }

  @Override
  public void onCreate(Transaction tx, Draft network) {
    Segment segment = chosen(tx, network);
    network
        .set(Provider.NETWORK_TYPE, segment.type())
        .set(Provider.PHYSICAL_NETWORK, segment.physicalNetwork())
        .set(Provider.SEGMENTATION_ID, segment.segmentationId());
    if (!network.isGiven(Networks.MTU)) {
      network.set(Networks.MTU, 0);
    }
    checkMtu(network, segment);
  }

  private Segment chosen(Transaction tx, Draft network) {
    String type = network.value(Provider.NETWORK_TYPE);
    Segment wanted =
        new Segment(
            type == null ? "" : type,
            network.value(Provider.PHYSICAL_NETWORK),
            network.value(Provider.SEGMENTATION_ID));
    if (type == null) {
      if (wanted.physicalNetwork() != null || wanted.segmentationId() != null) {
        throw ApiException.invalidInput("provider:network_type required");
      }
      return tenantTypes.stream()
          .flatMap(driver -> driver.allocate(tx, network.id()).stream())
          .findFirst()
          .orElseThrow(() ->
              ApiException.unavailable(
                  "NoNetworkAvailable",
                  "Unable to create the network. No tenant network is available for"
                      + " allocation."));
    }
    TypeDriver driver = types.get(type);
    if (driver == null) {
      throw ApiException.invalidInput(
          "provider:network_type "
              + Values.quoted(type)
              + " is not supported, one of "
              + types.keySet()
              + " is expected");
    }
    return driver.reserve(tx, network.id(), wanted);
  }

  @Override
  public void onUpdate(Transaction tx, Resource before, Draft network) {
    if (network.isChanged(Networks.MTU)) {
      Provider.segment(before).ifPresent(segment -> checkMtu(network, segment));
    }
  }

  private void checkMtu(Draft network, Segment segment) {
    TypeDriver driver = types.get(segment.type());
    if (driver == null) {
      return; // the type has been switched off since
    }
    int maximum = driver.mtu(segment);
    int mtu = network.get(Networks.MTU);
    if (mtu > maximum) {
      throw ApiException.invalidInput("Requested MTU is too big, maximum is " + maximum);
    }
    if (mtu != 0 && mtu < 68) {
      throw ApiException.invalidInput("Requested MTU is too small, minimum is 68");
    }
    network.set(Networks.MTU, mtu == 0 ? maximum : mtu);
  }
}
