package org.nucleon.core.json;

import java.io.ByteArrayOutputStream;
import java.io.OutputStream;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonEncoding;
import tools.jackson.core.JsonGenerator;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.core.ObjectReadContext;
import tools.jackson.core.ObjectWriteContext;
import tools.jackson.core.StreamReadConstraints;
import tools.jackson.core.StreamReadFeature;
import tools.jackson.core.json.JsonFactory;

/**
 * JSON (RFC 8259) as plain values: {@code Map}, {@code List}, {@code String}, {@code Boolean},
 * {@code Integer}, {@code Long}, {@code BigInteger}, {@code Double} and null. Reading is bounded,
 * so that hostile text costs no more than its length.
 */
public final class Json {

  /** Objects and arrays may nest this deep in what a client sends. */
  public static final int MAX_DEPTH = 32;

  private static final JsonFactory FACTORY =
      JsonFactory.builder()
          .streamReadConstraints(
              StreamReadConstraints.builder()
                  .maxNestingDepth(MAX_DEPTH)
                  .maxNumberLength(100)
                  .maxNameLength(1_000)
                  .build())
          .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
          .build();

  private Json() {}

  /**
   * Reads one value.
   *
   * @throws MalformedJson if the bytes are not one JSON value in UTF-8, nest too deep or repeat a
   *     key
   */
  public static @Nullable Object parse(byte[] utf8) throws MalformedJson {
    try (JsonParser parser = FACTORY.createParser(ObjectReadContext.empty(), utf8)) {
      if (parser.nextToken() == null) {
        throw new MalformedJson("no content");
      }
      Object value = value(parser);
      if (parser.nextToken() != null) {
        throw new MalformedJson("text after the value");
      }
      return value;
    } catch (JacksonException e) {
      throw new MalformedJson(e.getOriginalMessage());
    }
  }

  /** Reads one value from text that we wrote ourselves. */
  public static @Nullable Object parse(String text) throws MalformedJson {
    return parse(text.getBytes(java.nio.charset.StandardCharsets.UTF_8));
  }

  private static @Nullable Object value(JsonParser parser) throws MalformedJson {
    JsonToken token = parser.currentToken();
    return switch (token) {
      case START_OBJECT -> {
        Map<String, @Nullable Object> map = new LinkedHashMap<>();
        while (parser.nextToken() != JsonToken.END_OBJECT) {
          String name = storable(parser.currentName());
          parser.nextToken();
          map.put(name, value(parser));
        }
        yield map;
      }
      case START_ARRAY -> {
        List<@Nullable Object> list = new ArrayList<>();
        while (parser.nextToken() != JsonToken.END_ARRAY) {
          list.add(value(parser));
        }
        yield list;
      }
      case VALUE_STRING -> storable(parser.getString());
      case VALUE_NUMBER_INT -> parser.getNumberValue();
      case VALUE_NUMBER_FLOAT -> finite(parser.getDoubleValue());
      case VALUE_TRUE -> true;
      case VALUE_FALSE -> false;
      default -> null;
    };
  }

  /** What is too large for a number of JSON's usual precision could not be written again. */
  private static double finite(double number) throws MalformedJson {
    if (!Double.isFinite(number)) {
      throw new MalformedJson("a number that is too large");
    }
    return number;
  }

  /** No database takes NUL in text, and half a surrogate pair is no character in any encoding. */
  private static String storable(String text) throws MalformedJson {
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (c == 0) {
        throw new MalformedJson("a NUL character in a string");
      }
      if (Character.isSurrogate(c)) {
        if (Character.isLowSurrogate(c)
            || i + 1 == text.length()
            || !Character.isLowSurrogate(text.charAt(i + 1))) {
          throw new MalformedJson("an unpaired surrogate in a string");
        }
        i++;
      }
    }
    return text;
  }

  /** Writes a value as UTF-8. */
  public static byte[] bytes(@Nullable Object value) {
    ByteArrayOutputStream out = new ByteArrayOutputStream(512);
    write(value, out);
    return out.toByteArray();
  }

  /** Writes a value as text. */
  public static String text(@Nullable Object value) {
    return new String(bytes(value), java.nio.charset.StandardCharsets.UTF_8);
  }

  /** Writes a value to a stream, which stays open. */
  public static void write(@Nullable Object value, OutputStream out) {
    try (JsonGenerator generator =
        FACTORY.createGenerator(
            ObjectWriteContext.empty(), new Uncloseable(out), JsonEncoding.UTF8)) {
      write(value, generator);
    }
  }

  private static void write(@Nullable Object value, JsonGenerator generator) {
    switch (value) {
      case null -> generator.writeNull();
      case Map<?, ?> map -> {
        generator.writeStartObject();
        map.forEach((name, member) -> {
          generator.writeName(String.valueOf(name));
          write(member, generator);
        });
        generator.writeEndObject();
      }
      case Iterable<?> list -> {
        generator.writeStartArray();
        for (Object member : list) {
          write(member, generator);
        }
        generator.writeEndArray();
      }
      case Boolean bool -> generator.writeBoolean(bool);
      case Integer number -> generator.writeNumber(number);
      case Long number -> generator.writeNumber(number);
      case java.math.BigInteger number -> generator.writeNumber(number);
      case Number number -> generator.writeNumber(number.doubleValue());
      default -> generator.writeString(value.toString());
    }
  }

  private static final class Uncloseable extends java.io.FilterOutputStream {
    Uncloseable(OutputStream out) {
      super(out);
    }

    @Override
    public void write(byte[] bytes, int offset, int length) throws java.io.IOException {
      out.write(bytes, offset, length);
    }

    @Override
    public void close() throws java.io.IOException {
      flush();
    }
  }
}
