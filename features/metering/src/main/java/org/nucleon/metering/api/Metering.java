package org.nucleon.metering.api;

import static org.nucleon.core.schema.Operation.CREATE;

import java.util.UUID;
import org.nucleon.core.net.IpPrefix;
import org.nucleon.core.schema.Attribute;
import org.nucleon.core.schema.Catalog;
import org.nucleon.core.schema.Extension;
import org.nucleon.core.schema.ResourceType;
import org.nucleon.core.schema.ResourceType.StandardAttributes;
import org.nucleon.core.schema.Standard;
import org.nucleon.core.schema.Values;

/**
 * Metering labels, and rules that say which traffic of routers each counts. They are kept; nothing
 * counts by them yet.
 */
public final class Metering {

  /** A label. */
  public static final ResourceType LABEL =
      ResourceType.of("metering_label", "metering_labels", "What traffic is counted under.")
          .under("metering")
          .with(StandardAttributes.NONE);

  /** A rule. */
  public static final ResourceType RULE =
      ResourceType.of(
              "metering_label_rule", "metering_label_rules", "Traffic that a label counts, or not.")
          .under("metering")
          .with(StandardAttributes.NONE);

  /** Labels and rules. */
  public static final Extension EXTENSION =
      new Extension(
          "metering",
          "Neutron Metering",
          "Neutron Metering extension.",
          "2013-06-12T10:00:00-00:00");

  /** Rules with both ends. */
  public static final Extension BOTH_ENDS =
      new Extension(
          "metering_source_and_destination_fields",
          "Metering source and destination filters",
          "Metering rules with source and destination prefixes",
          "2020-08-21T08:12:00-00:00");

  /** For people. */
  public static final Attribute<String> NAME = Standard.name(LABEL).setOn(CREATE);

  /** For people. */
  public static final Attribute<String> DESCRIPTION =
      Standard.description(LABEL).setOn(CREATE).sort();

  /** Whether it counts for all projects. */
  public static final Attribute<Boolean> SHARED =
      Attribute.of(LABEL, "shared", Values.bool())
          .about("Whether it counts for all projects.")
          .setOn(CREATE)
          .defaultsTo(false)
          .filter()
          .sort();

  /** The label that a rule is of. */
  public static final Attribute<UUID> LABEL_ID =
      Attribute.of(RULE, "metering_label_id", Values.reference(LABEL))
          .about("The label that it is of.")
          .setOn(CREATE)
          .required()
          .parent()
          .filter()
          .sort();

  /** {@code ingress} for what routers let in, {@code egress} for what they let out. */
  public static final Attribute<String> DIRECTION =
      Attribute.of(RULE, "direction", Values.oneOf("ingress", "egress"))
          .about("ingress for what routers let in, egress for what they let out.")
          .setOn(CREATE)
          .required()
          .filter()
          .sort();

  /** Whether the traffic is not to be counted. */
  public static final Attribute<Boolean> EXCLUDED =
      Attribute.of(RULE, "excluded", Values.bool())
          .about("Whether the traffic is not to be counted.")
          .setOn(CREATE)
          .defaultsTo(false)
          .filter()
          .sort();

  /** The addresses at the end outside; instead of the two below. */
  public static final Attribute<IpPrefix> REMOTE =
      prefix("remote_ip_prefix", "The addresses outside; source and destination say more.");

  /** The addresses that packets come from. */
  public static final Attribute<IpPrefix> SOURCE =
      prefix("source_ip_prefix", "The addresses that packets come from.").extension(BOTH_ENDS);

  /** The addresses that packets go to. */
  public static final Attribute<IpPrefix> DESTINATION =
      prefix("destination_ip_prefix", "The addresses that packets go to.").extension(BOTH_ENDS);

  private Metering() {}

  private static Attribute<IpPrefix> prefix(String name, String about) {
    return Attribute.of(RULE, name, Values.strictPrefix())
        .about(about)
        .setOn(CREATE)
        .nullable()
        .filter()
        .sort();
  }

  static void declare(Catalog.Builder catalog) {
    catalog
        .extension(EXTENSION)
        .extension(BOTH_ENDS)
        .declare(LABEL, NAME, DESCRIPTION, SHARED)
        .declare(RULE, LABEL_ID, DIRECTION, EXCLUDED, REMOTE, SOURCE, DESTINATION);
  }
}
