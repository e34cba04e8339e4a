package org.nucleon.dhcp.api;

import static org.nucleon.core.schema.InvalidValue.because;
import static org.nucleon.core.schema.Operation.CREATE;
import static org.nucleon.core.schema.Operation.UPDATE;

import java.util.List;
import java.util.Locale;
import java.util.regex.Pattern;
import org.nucleon.core.feature.Option;
import org.nucleon.core.net.IpAddress;
import org.nucleon.core.schema.Attribute;
import org.nucleon.core.schema.Catalog;
import org.nucleon.core.schema.Extension;
import org.nucleon.core.schema.InvalidValue;
import org.nucleon.core.schema.ValueType;
import org.nucleon.core.schema.Values;
import org.nucleon.network.api.Networks;
import org.nucleon.network.api.Ports;

/**
 * What guests are called in the domain name system: a port's own name, or else one that is made of
 * its address. The DHCP servers of its network know it.
 */
public final class DnsNames {

  /** How long a name may be, RFC 1035, 2.3.4, with the dots. */
  public static final int MAX_NAME = 255;

  private static final int MAX_ASSIGNMENTS = 1024;

  /** RFC 1123, 2.1; small letters. */
  private static final Pattern LABEL = Pattern.compile("[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?");

  private static final Pattern DIGITS = Pattern.compile("[0-9]+");

  private static final Extension EXTENSION =
      new Extension(
          "dns-integration",
          "DNS Integration",
          "Names of ports and domains of networks.",
          "2015-08-15T18:00:00-00:00");

  /** The domain in which ports have names of their own only if it is another than this. */
  private static final String COMMON_DOMAIN = "openstacklocal";

  /** The domain that guests are in, on servers and on the hosts that serve DHCP alike. */
  public static final Option<String> DOMAIN =
      Option.text(
              "DEFAULT",
              "dns_domain",
              COMMON_DOMAIN,
              "The domain that guests are told; ports have names of their own if it is another")
          .formerly("DEFAULT", "dhcp_domain");

  /** The name of a port; empty if it has none of its own. */
  public static final Attribute<String> OF_PORT =
      Attribute.of(Ports.PORT, "dns_name", name("PQDN or FQDN"))
          .about("Its name in the domain of the cloud; one that ends with a dot must end with it.")
          .ignorable()
          .setOn(CREATE, UPDATE)
          .extension(EXTENSION)
          .defaultsTo("")
          .clearedByNull()
          .filter()
          .sort();

  /** The domain of a network, for services beyond the cloud; nothing here acts on it. */
  private static final Attribute<String> OF_NETWORK =
      Attribute.of(Networks.NETWORK, "dns_domain", domain())
          .about("The domain of its ports for a DNS service beyond the cloud; ends with a dot.")
          .ignorable()
          .setOn(CREATE, UPDATE)
          .extension(EXTENSION)
          .defaultsTo("")
          .clearedByNull()
          .filter()
          .sort();

  private DnsNames() {}

  static void declare(Catalog.Builder catalog) {
    catalog.extension(EXTENSION).extend(Ports.PORT, OF_PORT).extend(Networks.NETWORK, OF_NETWORK);
  }

  /** The names of a port's addresses, as they are in the domain of the cloud. */
  static void declareAssignment(Catalog.Builder catalog, String domain) {
    catalog.extend(
        Ports.PORT,
        Attribute.of(
                Ports.PORT,
                "dns_assignment",
                Values.list(DnsAssignment.TYPE, MAX_ASSIGNMENTS, null))
            .about("What its addresses are called in the domain of the cloud.")
            .extension(EXTENSION)
            .computed(port ->
                port.get(Ports.FIXED_IPS).stream()
                    .map(ip -> DnsAssignment.of(ip.ip(), port.get(OF_PORT), domain))
                    .toList()));
  }

  /** Whether ports have names of their own in a domain: not in the one that all clouds share. */
  public static boolean areOwnIn(String domain) {
    return !domain.isEmpty() && !domain.equals(COMMON_DOMAIN);
  }

  /**
   * What an address is called, without the domain.
   *
   * @param name the {@code dns_name} of its port; empty for none
   * @param domain the domain of the cloud, without a dot at its end
   */
  public static String host(String name, IpAddress address, String domain) {
    if (name.isEmpty()) {
      return "host-" + address.toString().replace('.', '-').replace(':', '-');
    }
    String whole = withoutDot(name);
    String end = "." + domain.toLowerCase(Locale.ROOT);
    return name.endsWith(".") && whole.endsWith(end)
        ? whole.substring(0, whole.length() - end.length())
        : whole;
  }

  /** Whether a text is a name as ports have them, without a dot at its end. */
  public static boolean isHost(String text) {
    return text.length() <= MAX_NAME
        && List.of(text.split("\\.", -1)).stream()
            .allMatch(label -> LABEL.matcher(label).matches());
  }

  /** Names without regard to case, kept in small letters. */
  private static ValueType<String> name(String what) {
    return Values.narrowed(
        Values.text(MAX_NAME),
        "a domain name",
        text -> {
          String name = text.toLowerCase(Locale.ROOT);
          if (!name.isEmpty()) {
            check(withoutDot(name).split("\\.", -1), Values.quoted(text) + " not a valid " + what);
          }
          return name;
        });
  }

  private static void check(String[] labels, String problem) throws InvalidValue {
    for (String label : labels) {
      if (!LABEL.matcher(label).matches()) {
        throw because(
            problem
                + ". Reason: each part must have 1 to 63 letters, digits or hyphens, and no hyphen"
                + " at either end");
      }
    }
    String last = labels[labels.length - 1];
    if (labels.length > 1 && DIGITS.matcher(last).matches()) {
      throw because(problem + ". Reason: TLD " + Values.quoted(last) + " must not be all numeric");
    }
  }

  private static String withoutDot(String name) {
    return name.endsWith(".") ? name.substring(0, name.length() - 1) : name;
  }

  private static ValueType<String> domain() {
    return Values.narrowed(
        name("FQDN"),
        "a domain name that ends with a dot",
        domain -> {
          if (!domain.isEmpty() && !domain.endsWith(".")) {
            throw because(
                Values.quoted(domain) + " not a valid FQDN. Reason: there is no dot at its end");
          }
          return domain;
        });
  }
}
