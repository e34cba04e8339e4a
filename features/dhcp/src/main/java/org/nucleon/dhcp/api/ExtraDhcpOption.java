package org.nucleon.dhcp.api;

import static org.nucleon.core.schema.InvalidValue.because;
import static org.nucleon.core.schema.Operation.CREATE;
import static org.nucleon.core.schema.Operation.UPDATE;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.nucleon.core.schema.Attribute;
import org.nucleon.core.schema.Catalog;
import org.nucleon.core.schema.Extension;
import org.nucleon.core.schema.InvalidValue;
import org.nucleon.core.schema.JsonObject;
import org.nucleon.core.schema.ValueType;
import org.nucleon.core.schema.Values;
import org.nucleon.network.api.Ports;

/**
 * An option that a port's DHCP server is to tell it, beside or instead of those of its subnet.
 *
 * @param name dnsmasq's name of the option, or its number
 * @param value what it is told; null in a request takes the option away
 * @param ipVersion 4 or 6
 */
public record ExtraDhcpOption(String name, @Nullable String value, int ipVersion) {

  private static final int MAX_NAME = 64;
  private static final int MAX_VALUE = 255;
  private static final int MAX_OPTIONS = 64;

  /** Those by whose empty value a server says nothing where it would. */
  private static final Set<String> MAY_BE_BLANK = Set.of("router", "classless-static-route");

  private static final Extension EXTENSION =
      new Extension(
          "extra_dhcp_opt",
          "Neutron Extra DHCP options",
          "Options of DHCP for single ports.",
          "2013-03-17T12:00:00-00:00");

  private static final ValueType<ExtraDhcpOption> TYPE =
      new ValueType<>() {
        @Override
        public ExtraDhcpOption parse(Object json) throws InvalidValue {
          JsonObject object =
              JsonObject.of(json, Set.of("opt_name", "opt_value", "ip_version", "id"));
          String name = printable(object.required("opt_name", Values.nonBlank(MAX_NAME)));
          if (!object.has("opt_value")) {
            throw because("'opt_value' is required");
          }
          String value = object.optional("opt_value", Values.text(MAX_VALUE));
          if (value != null && printable(value).isBlank() && !MAY_BE_BLANK.contains(name)) {
            throw because("opt_value of " + Values.quoted(name) + " cannot be blank");
          }
          Integer version = object.optional("ip_version", Values.ipVersion());
          return new ExtraDhcpOption(name, value, version == null ? 4 : version);
        }

        /** A line of a server's configuration must stay one line. */
        private static String printable(String text) throws InvalidValue {
          if (text.codePoints()
              .anyMatch(c ->
                  Character.isISOControl(c)
                      || Character.getType(c) == Character.LINE_SEPARATOR
                      || Character.getType(c) == Character.PARAGRAPH_SEPARATOR)) {
            throw because(Values.quoted(text) + " holds a control character");
          }
          return text;
        }

        @Override
        public Object render(ExtraDhcpOption option) {
          Map<String, @Nullable Object> json = new LinkedHashMap<>();
          json.put("opt_name", option.name());
          json.put("opt_value", option.value());
          json.put("ip_version", option.ipVersion());
          return json;
        }

        @Override
        public String about() {
          return "a DHCP option of opt_name, opt_value and ip_version";
        }
      };

  /** The options of a port. */
  public static final Attribute<List<ExtraDhcpOption>> OF_PORT =
      Attribute.of(
              Ports.PORT, "extra_dhcp_opts", Values.list(TYPE, MAX_OPTIONS, "extra DHCP option"))
          .about("Options that its DHCP server tells it; a change adds to them, null takes away.")
          .ignorable()
          .setOn(CREATE, UPDATE)
          .extension(EXTENSION)
          .defaultsTo(List.of())
          .clearedByNull();

  /** The most options that a port may have. */
  public static int most() {
    return MAX_OPTIONS;
  }

  static void declare(Catalog.Builder catalog) {
    catalog.extension(EXTENSION).extend(Ports.PORT, OF_PORT);
  }

  /** Whether it is about the same option, whatever the value. */
  public boolean isAbout(ExtraDhcpOption other) {
    return name.equals(other.name) && ipVersion == other.ipVersion;
  }

  /** The value of an option that is there. */
  public String text() {
    return Objects.requireNonNull(value);
  }
}
