package org.nucleon.router.agent;

import static org.nucleon.host.nftables.Expression.is;
import static org.nucleon.host.nftables.Expression.isNot;

import java.net.InetAddress;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.nucleon.agent.device.NatItem;
import org.nucleon.host.nftables.Data;
import org.nucleon.host.nftables.DataType;
import org.nucleon.host.nftables.Expression;
import org.nucleon.host.nftables.Expression.DestinationByMap;
import org.nucleon.host.nftables.Expression.DestinationTranslated;
import org.nucleon.host.nftables.Expression.Masquerade;
import org.nucleon.host.nftables.Expression.SourceByMap;
import org.nucleon.host.nftables.Expression.SourceTo;
import org.nucleon.host.nftables.Field;
import org.nucleon.host.nftables.Hook;
import org.nucleon.host.nftables.NftChain;
import org.nucleon.host.nftables.NftRule;
import org.nucleon.host.nftables.NftSet;
import org.nucleon.host.nftables.NftTable;

/**
 * What a router with a gateway translates. However many floating IPs there are, a packet costs one
 * look into a map.
 *
 * <p>A guest that calls a floating IP of the same router (its own, too) comes back by the device it
 * left by: its source must be translated as well, or the answers would go past the router.
 *
 * @param gateway the router's device on the external network
 * @param address the router's own address there, for guests without a floating IP; empty if they
 *     may not get out
 * @param floating floating to fixed address
 */
record Translation(
    String gateway, Optional<InetAddress> address, Map<InetAddress, InetAddress> floating) {
  private static final String INWARD = "floating_in";
  private static final String OUTWARD = "floating_out";
  private static final int DESTINATION = -100;
  private static final int SOURCE = 100;

  /** The rule set. */
  NftTable table() {
    Map<Data, Data> inward = new HashMap<>();
    Map<Data, Data> outward = new HashMap<>();
    floating.forEach((from, to) -> {
      inward.put(new Data.Ip(from), new Data.Ip(to));
      outward.put(new Data.Ip(to), new Data.Ip(from));
    });
    NftRule toFixed = NftRule.of(new DestinationByMap(Field.IP_DESTINATION, INWARD));
    return new NftTable(
        NatItem.FAMILY,
        NatItem.TABLE,
        List.of(
            chain("prerouting", Hook.Point.PREROUTING, DESTINATION, List.of(toFixed)),
            chain("output", Hook.Point.OUTPUT, DESTINATION, List.of(toFixed)),
            chain("postrouting", Hook.Point.POSTROUTING, SOURCE, sources())),
        List.of(
            NftSet.map(INWARD, DataType.IPV4, DataType.IPV4, inward),
            NftSet.map(OUTWARD, DataType.IPV4, DataType.IPV4, outward)));
  }

  private List<NftRule> sources() {
    Expression out = is(Field.OUT, new Data.Device(gateway));
    List<NftRule> rules = new ArrayList<>();
    rules.add(NftRule.of(out, new SourceByMap(Field.IP_SOURCE, OUTWARD)));
    address.ifPresent(own -> rules.add(NftRule.of(out, new SourceTo(own))));
    // From outside to a floating IP the guest sees who calls; only what came from inside turns.
    Expression fromInside = isNot(Field.IN, new Data.Device(gateway));
    Expression toInside = isNot(Field.OUT, new Data.Device(gateway));
    rules.add(
        NftRule.of(
            new DestinationTranslated(),
            fromInside,
            toInside,
            new SourceByMap(Field.IP_SOURCE, OUTWARD)));
    rules.add(NftRule.of(new DestinationTranslated(), fromInside, toInside, new Masquerade()));
    return rules;
  }

  private static NftChain chain(String name, Hook.Point point, int priority, List<NftRule> rules) {
    return new NftChain(name, new Hook(Hook.Type.NAT, point, priority, false), rules);
  }
}
