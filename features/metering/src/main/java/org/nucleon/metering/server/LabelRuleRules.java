package org.nucleon.metering.server;

import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.nucleon.core.ApiException;
import org.nucleon.core.net.IpPrefix;
import org.nucleon.core.resource.Attributes;
import org.nucleon.core.resource.Draft;
import org.nucleon.core.resource.Resource;
import org.nucleon.core.transaction.ResourceRules;
import org.nucleon.core.transaction.Transaction;
import org.nucleon.metering.api.Metering;

/** What a rule of a label may say: no packet is to be counted twice under one label. */
final class LabelRuleRules implements ResourceRules {

  @Override
  public void onBulkRequest(Transaction tx, List<Draft> rules) {
    List<List<@Nullable Object>> seen = new ArrayList<>();
    for (Draft rule : rules) {
      List<@Nullable Object> said = new ArrayList<>();
      said.add(rule.get(Metering.LABEL_ID));
      said.add(rule.get(Metering.DIRECTION));
      said.add(rule.get(Metering.EXCLUDED));
      said.add(rule.value(Metering.REMOTE));
      said.add(rule.value(Metering.SOURCE));
      said.add(rule.value(Metering.DESTINATION));
      if (seen.contains(said)) {
        throw ApiException.conflict(
            "DuplicateMeteringRuleInPost", "Duplicate Metering Rule in POST.");
      }
      seen.add(said);
    }
  }

  @Override
  public void onCreate(Transaction tx, Draft rule) {
    UUID labelId = rule.get(Metering.LABEL_ID);
    Resource label =
        tx.find(Metering.LABEL, labelId)
            .orElseThrow(() ->
                ApiException.notFound(
                    "MeteringLabelNotFound", "Metering label " + labelId + " could not be found."));
    tx.guards(label);
    checkPrefixes(rule);
    for (Resource other : tx.list(Metering.LABEL_ID, labelId)) {
      if (overlap(other, rule)) {
        throw ApiException.conflict(
            "MeteringLabelRuleOverlaps",
            "Metering label rule with "
                + prefixes(rule)
                + " overlaps another, "
                + other.id()
                + ".");
      }
    }
  }

  private static void checkPrefixes(Draft rule) {
    IpPrefix remote = rule.value(Metering.REMOTE);
    IpPrefix source = rule.value(Metering.SOURCE);
    IpPrefix destination = rule.value(Metering.DESTINATION);
    String ends = Metering.SOURCE.name() + " or " + Metering.DESTINATION.name();
    if (remote == null && source == null && destination == null) {
      throw bad("one of " + ends + ", or " + Metering.REMOTE.name() + ", is expected");
    }
    if (remote != null && (source != null || destination != null)) {
      throw bad(Metering.REMOTE.name() + " cannot be combined with " + ends);
    }
    if (source != null && destination != null && source.version() != destination.version()) {
      throw bad(ends + " have to be of one IP version");
    }
  }

  private static ApiException bad(String reason) {
    return ApiException.badRequest(
        "BadRequest", "Bad " + Metering.RULE.name() + " request: " + reason + ".");
  }

  private static boolean overlap(Attributes one, Attributes other) {
    return one.get(Metering.DIRECTION).equals(other.get(Metering.DIRECTION))
        && one.get(Metering.EXCLUDED).equals(other.get(Metering.EXCLUDED))
        && version(one) == version(other)
        && overlap(source(one), source(other))
        && overlap(destination(one), destination(other));
  }

  /** Null is any address. */
  private static boolean overlap(@Nullable IpPrefix one, @Nullable IpPrefix other) {
    return one == null || other == null || one.overlaps(other);
  }

  /** What is remote is where packets come from on the way in, and go to on the way out. */
  private static @Nullable IpPrefix source(Attributes rule) {
    IpPrefix remote = rule.value(Metering.REMOTE);
    boolean isIn = rule.get(Metering.DIRECTION).equals("ingress");
    return remote != null && isIn ? remote : rule.value(Metering.SOURCE);
  }

  private static @Nullable IpPrefix destination(Attributes rule) {
    IpPrefix remote = rule.value(Metering.REMOTE);
    boolean isIn = rule.get(Metering.DIRECTION).equals("ingress");
    return remote != null && !isIn ? remote : rule.value(Metering.DESTINATION);
  }

  private static int version(Attributes rule) {
    IpPrefix source = source(rule);
    IpPrefix any = source == null ? destination(rule) : source;
    return any == null ? 0 : any.version();
  }

  private static String prefixes(Draft rule) {
    List<String> said = new ArrayList<>();
    for (var attribute : List.of(Metering.REMOTE, Metering.SOURCE, Metering.DESTINATION)) {
      rule.find(attribute).ifPresent(p -> said.add(attribute.name() + " '" + p + "'"));
    }
    return String.join(", ", said);
  }
}
