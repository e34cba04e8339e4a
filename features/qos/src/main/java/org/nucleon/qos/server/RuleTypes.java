package org.nucleon.qos.server;

import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.nucleon.core.feature.ComputedCollection;
import org.nucleon.core.schema.Attribute;
import org.nucleon.qos.api.QosDriver;
import org.nucleon.qos.api.QosRules;

/**
 * {@code /v2.0/qos/rule-types}: the types of rules that some driver takes, one with its drivers.
 */
final class RuleTypes {

  private static final String TYPE = "type";
  private static final String DRIVERS = "drivers";

  private RuleTypes() {}

  static ComputedCollection collection(Collection<QosDriver> drivers) {
    List<Map<String, @Nullable Object>> rows = new ArrayList<>();
    for (QosRules.Kind kind : QosRules.KINDS) {
      List<Object> taking =
          drivers.stream()
              .filter(driver -> kind.parameters().stream().anyMatch(driver.parameters()::contains))
              .<Object>map(driver -> driver(driver, kind))
              .toList();
      if (!taking.isEmpty()) {
        Map<String, @Nullable Object> row = new LinkedHashMap<>();
        row.put(TYPE, kind.name());
        row.put(DRIVERS, taking);
        rows.add(row);
      }
    }
    return new ComputedCollection(
        "qos/rule-types",
        "rule_types",
        "rule_type",
        "get_rule_type",
        List.of(TYPE),
        Set.of(DRIVERS),
        (view, caller) -> rows);
  }

  private static Map<String, Object> driver(QosDriver driver, QosRules.Kind kind) {
    List<Object> parameters =
        kind.parameters().stream()
            .filter(driver.parameters()::contains)
            .<Object>map(RuleTypes::parameter)
            .toList();
    return Map.of("name", driver.name(), "supported_parameters", parameters);
  }

  private static Map<String, Object> parameter(Attribute<?> attribute) {
    Map<String, Object> schema = attribute.type().schema();
    boolean choices = schema.get("enum") != null;
    Object values =
        choices
            ? schema.getOrDefault("enum", List.of())
            : Map.of(
                "start", schema.getOrDefault("minimum", 0),
                "end", schema.getOrDefault("maximum", Integer.MAX_VALUE));
    return Map.of(
        "parameter_name",
        attribute.name(),
        "parameter_type",
        choices ? "choices" : "range",
        "parameter_values",
        values);
  }
}
