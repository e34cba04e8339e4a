package org.nucleon.core.schema;

import static org.nucleon.core.schema.InvalidValue.because;
import static org.nucleon.core.schema.InvalidValue.unconvertible;

import java.math.BigInteger;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.function.BiConsumer;
import java.util.function.Function;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.nucleon.core.json.Json;
import org.nucleon.core.net.IpAddress;
import org.nucleon.core.net.IpPrefix;
import org.nucleon.core.net.MacAddress;

/**
 * The value types that declarations choose from. Reason texts are those that Neutron's clients
 * match.
 */
public final class Values {

  private static final Pattern INTEGER = Pattern.compile("[+-]?\\d{1,18}");

  private Values() {}

  /** Quotes a refused value for a message: short, on one line. */
  public static String quoted(@Nullable Object json) {
    String text = json instanceof String s ? s : Json.text(json);
    StringBuilder clean = new StringBuilder("'");
    text.codePoints()
        .limit(100)
        .forEach(c -> clean.appendCodePoint(Character.isISOControl(c) ? '?' : c));
    return clean.append(text.length() > 100 ? "...'" : "'").toString();
  }

  /** Text of at most {@code max} characters. */
  public static ValueType<String> text(int max) {
    return new ValueType<>() {
      @Override
      public String parse(Object json) throws InvalidValue {
        if (!(json instanceof String text)) {
          throw because(quoted(json) + " is not a valid string");
        }
        if (text.length() > max) {
          throw because(quoted(json) + " exceeds maximum length of " + max);
        }
        return text;
      }

      @Override
      public Object render(String value) {
        return value;
      }

      @Override
      public String about() {
        return "text of at most " + max + " characters";
      }

      @Override
      public Map<String, Object> schema() {
        return Map.of("type", "string", "maxLength", max);
      }
    };
  }

  /** A tag: text of 1 to 255 characters. */
  public static ValueType<String> tag() {
    return nonBlank(255, "a tag");
  }

  /** Text of at most {@code max} characters, one of which is no white space. */
  public static ValueType<String> nonBlank(int max) {
    return nonBlank(max, "text of 1 to " + max + " characters");
  }

  private static ValueType<String> nonBlank(int max, String about) {
    ValueType<String> text = text(max);
    return new ValueType<>() {
      @Override
      public String parse(Object json) throws InvalidValue {
        String parsed = text.parse(json);
        if (parsed.isBlank()) {
          throw because(quoted(parsed) + " Blank strings are not permitted");
        }
        return parsed;
      }

      @Override
      public Object render(String value) {
        return value;
      }

      @Override
      public String about() {
        return about;
      }

      @Override
      public Map<String, Object> schema() {
        return Map.of("type", "string", "minLength", 1, "maxLength", max);
      }
    };
  }

  /** A boolean, also as the words and digits that Neutron takes. */
  public static ValueType<Boolean> bool() {
    return new ValueType<>() {
      @Override
      public Boolean parse(Object json) throws InvalidValue {
        return switch (json instanceof String text ? text.toLowerCase(Locale.ROOT) : json) {
          case Boolean value -> value;
          case Integer number when number == 0 || number == 1 -> number == 1;
          case String word when Set.of("true", "1", "yes", "on", "t", "y").contains(word) -> true;
          case String word when Set.of("false", "0", "no", "off", "f", "n").contains(word) -> false;
          default -> throw unconvertible(quoted(json) + " cannot be converted to boolean");
        };
      }

      @Override
      public Object render(Boolean value) {
        return value;
      }

      @Override
      public String about() {
        return "true or false";
      }

      @Override
      public Map<String, Object> schema() {
        return Map.of("type", "boolean");
      }
    };
  }

  /** A whole number from {@code min} to {@code max}. */
  public static ValueType<Integer> integer(int min, int max) {
    return new ValueType<>() {
      @Override
      public Integer parse(Object json) throws InvalidValue {
        long value =
            switch (json) {
              case Integer number -> number;
              case Long number -> number;
              case BigInteger number -> number.signum() < 0 ? Long.MIN_VALUE : Long.MAX_VALUE;
              case String text when INTEGER.matcher(text).matches() -> Long.parseLong(text);
              default -> throw unconvertible(quoted(json) + " is not an integer");
            };
        if (value < min) {
          throw because(quoted(json) + " is too small - must be at least '" + min + "'");
        }
        if (value > max) {
          throw because(quoted(json) + " is too large - must be no larger than '" + max + "'");
        }
        return (int) value;
      }

      @Override
      public Object render(Integer value) {
        return value;
      }

      @Override
      public String about() {
        return "a whole number from " + min + " to " + max;
      }

      @Override
      public Map<String, Object> schema() {
        return Map.of("type", "integer", "minimum", min, "maximum", max);
      }
    };
  }

  /** Says what of a type's values will do. */
  @FunctionalInterface
  public interface Narrowing<T> {

    /** The value as it is kept. */
    T narrow(T value) throws InvalidValue;
  }

  /** A type whose values have to be more than another's. */
  public static <T> ValueType<T> narrowed(ValueType<T> type, String about, Narrowing<T> narrowing) {
    return new ValueType<>() {
      @Override
      public T parse(Object json) throws InvalidValue {
        return narrowing.narrow(type.parse(json));
      }

      @Override
      public Object render(T value) {
        return type.render(value);
      }

      @Override
      public String about() {
        return about;
      }

      @Override
      public Map<String, Object> schema() {
        return type.schema();
      }

      @Override
      public void references(T value, BiConsumer<ResourceType, UUID> consumer) {
        type.references(value, consumer);
      }

      @Override
      public boolean isReference() {
        return type.isReference();
      }
    };
  }

  /** A version of IP, 4 or 6. */
  public static ValueType<Integer> ipVersion() {
    ValueType<Integer> integer = integer(Integer.MIN_VALUE, Integer.MAX_VALUE);
    return new ValueType<>() {
      @Override
      public Integer parse(Object json) throws InvalidValue {
        int version = integer.parse(json);
        if (version != 4 && version != 6) {
          throw because(quoted(json) + " is not in [4, 6]");
        }
        return version;
      }

      @Override
      public Object render(Integer value) {
        return value;
      }

      @Override
      public String about() {
        return "4 or 6";
      }

      @Override
      public Map<String, Object> schema() {
        return Map.of("type", "integer", "enum", List.of(4, 6));
      }
    };
  }

  /** A UUID in its usual text. */
  public static ValueType<UUID> uuid() {
    return new UuidType(null);
  }

  /** The id of a resource of the given type, which must exist and stays while it is named. */
  public static ValueType<UUID> reference(ResourceType target) {
    return new UuidType(target);
  }

  /** Reads the text of a UUID; empty for anything else. */
  public static java.util.Optional<UUID> parseUuid(String text) {
    return isUuid(text) ? java.util.Optional.of(UUID.fromString(text)) : java.util.Optional.empty();
  }

  /** 8-4-4-4-12 hexadecimal digits; written out because a server that starts reads many. */
  static boolean isUuid(String text) {
    if (text.length() != 36) {
      return false;
    }
    for (int i = 0; i < 36; i++) {
      char c = text.charAt(i);
      boolean dash = i == 8 || i == 13 || i == 18 || i == 23;
      if (dash ? c != '-' : c > 127 || Character.digit(c, 16) < 0) {
        return false;
      }
    }
    return true;
  }

  /** A unicast or multicast MAC address, not all zero. */
  public static ValueType<MacAddress> mac() {
    return parsed(
        "MAC address",
        text -> {
          MacAddress mac = MacAddress.parse(text);
          if (mac.value() == 0) {
            throw new IllegalArgumentException(text);
          }
          return mac;
        });
  }

  /** An IPv4 or IPv6 address. */
  public static ValueType<IpAddress> ip() {
    return parsed("IP address", IpAddress::parse);
  }

  /** A prefix whose host bits are cleared as it is read. */
  public static ValueType<IpPrefix> prefix() {
    return parsed("IP subnet", Values::withSlash);
  }

  /** A prefix whose host bits must be zero already. */
  public static ValueType<IpPrefix> strictPrefix() {
    return new ValueType<>() {
      private final ValueType<IpPrefix> lenient = prefix();

      @Override
      public IpPrefix parse(Object json) throws InvalidValue {
        IpPrefix prefix = lenient.parse(json);
        IpAddress given =
            IpAddress.parse(((String) json).substring(0, ((String) json).indexOf('/')));
        if (!given.equals(prefix.address())) {
          throw because(
              quoted(json) + " isn't a recognized IP subnet cidr, '" + prefix + "' is recommended");
        }
        return prefix;
      }

      @Override
      public Object render(IpPrefix value) {
        return value.toString();
      }

      @Override
      public String about() {
        return lenient.about();
      }

      @Override
      public Map<String, Object> schema() {
        return lenient.schema();
      }
    };
  }

  /** An address or a prefix; an address is its own /32 or /128. */
  public static ValueType<IpPrefix> addressOrPrefix() {
    return parsed("IP subnet", IpPrefix::parse);
  }

  private static IpPrefix withSlash(String text) {
    if (text.indexOf('/') < 0) {
      throw new IllegalArgumentException(text);
    }
    return IpPrefix.parse(text);
  }

  private static <T> ValueType<T> parsed(String what, Function<String, T> parser) {
    return new ValueType<>() {
      @Override
      public T parse(Object json) throws InvalidValue {
        try {
          if (json instanceof String text && text.length() <= 64) {
            return parser.apply(text);
          }
        } catch (IllegalArgumentException e) {
          throw because(quoted(json) + " is not a valid " + what);
        }
        throw because(quoted(json) + " is not a valid " + what);
      }

      @Override
      public Object render(T value) {
        return value.toString();
      }

      @Override
      public String about() {
        return "a " + what;
      }

      @Override
      public Map<String, Object> schema() {
        return Map.of("type", "string");
      }
    };
  }

  /** One of the given words, as written. */
  public static ValueType<String> oneOf(String... words) {
    Set<String> allowed = new LinkedHashSet<>(List.of(words));
    String list =
        allowed.stream().map(w -> "'" + w + "'").collect(Collectors.joining(", ", "[", "]"));
    return new ValueType<>() {
      @Override
      public String parse(Object json) throws InvalidValue {
        if (json instanceof String word && allowed.contains(word)) {
          return word;
        }
        throw because(quoted(json) + " is not in " + list);
      }

      @Override
      public Object render(String value) {
        return value;
      }

      @Override
      public String about() {
        return "one of " + String.join(", ", allowed);
      }

      @Override
      public Map<String, Object> schema() {
        return Map.of("type", "string", "enum", List.copyOf(allowed));
      }
    };
  }

  /** One of an enumeration's constants by their {@code toString}, in any case of letters. */
  public static <E extends Enum<E>> ValueType<E> oneOf(Class<E> type) {
    List<E> constants = List.of(type.getEnumConstants());
    return new ValueType<>() {
      @Override
      public E parse(Object json) throws InvalidValue {
        for (E constant : constants) {
          if (json instanceof String word && constant.toString().equalsIgnoreCase(word)) {
            return constant;
          }
        }
        throw because(quoted(json) + " is not in " + constants);
      }

      @Override
      public Object render(E value) {
        return value.toString();
      }

      @Override
      public String about() {
        return "one of " + constants;
      }

      @Override
      public Map<String, Object> schema() {
        return Map.of("type", "string", "enum", constants.stream().map(Object::toString).toList());
      }
    };
  }

  /**
   * A list of at most {@code max} different elements.
   *
   * @param what names the list in a refusal: "Duplicate {what} 'x'"; null for "Duplicate items in
   *     the list"
   */
  public static <T> ValueType<List<T>> list(ValueType<T> element, int max, @Nullable String what) {
    return new ListType<>(element, max, what, true);
  }

  /** A list of at most {@code max} elements, of which rules say whether some may be the same. */
  public static <T> ValueType<List<T>> sequence(ValueType<T> element, int max) {
    return new ListType<>(element, max, null, false);
  }

  /** A JSON object of any content, at most {@code maxBytes} when written. */
  public static ValueType<Map<String, Object>> object(int maxBytes) {
    return new ValueType<>() {
      @Override
      @SuppressWarnings("unchecked") // JSON objects have text keys
      public Map<String, Object> parse(Object json) throws InvalidValue {
        if (!(json instanceof Map<?, ?> map)) {
          throw because(quoted(json) + " is not a dictionary");
        }
        if (Json.bytes(map).length > maxBytes) {
          throw because("the dictionary exceeds maximum length of " + maxBytes);
        }
        return java.util.Collections.unmodifiableMap(
            new LinkedHashMap<>((Map<String, Object>) map));
      }

      @Override
      public Object render(Map<String, Object> value) {
        return value;
      }

      @Override
      public String about() {
        return "a JSON object";
      }

      @Override
      public Map<String, Object> schema() {
        return Map.of("type", "object");
      }
    };
  }
}
