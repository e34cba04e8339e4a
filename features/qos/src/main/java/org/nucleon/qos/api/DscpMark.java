package org.nucleon.qos.api;

import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.nucleon.core.schema.InvalidValue;
import org.nucleon.core.schema.ValueType;
import org.nucleon.core.schema.Values;

/** The code points in use: the default, class selectors, assured and expedited forwarding. */
final class DscpMark implements ValueType<Integer> {

  static final ValueType<Integer> TYPE = new DscpMark();

  /** RFC 2474, RFC 2597, RFC 3246: even ones up to 56 without those that nothing defines. */
  static final List<Integer> VALID =
      IntStream.rangeClosed(0, 56)
          .filter(mark -> mark % 2 == 0 && !List.of(2, 4, 6, 42, 44, 50, 52, 54).contains(mark))
          .boxed()
          .toList();

  private static final ValueType<Integer> INTEGER =
      Values.integer(Integer.MIN_VALUE, Integer.MAX_VALUE);

  private DscpMark() {}

  @Override
  public Integer parse(Object json) throws InvalidValue {
    int mark = INTEGER.parse(json);
    if (!VALID.contains(mark)) {
      throw InvalidValue.because(Values.quoted(json) + " is not in " + VALID);
    }
    return mark;
  }

  @Override
  public Object render(Integer value) {
    return value;
  }

  @Override
  public String about() {
    return "a DSCP in use: " + String.join(", ", VALID.stream().map(String::valueOf).toList());
  }

  @Override
  public Map<String, Object> schema() {
    return Map.of("type", "integer", "enum", VALID);
  }
}
