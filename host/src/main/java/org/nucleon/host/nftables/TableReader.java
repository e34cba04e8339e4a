package org.nucleon.host.nftables;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.StreamSupport;
import org.jspecify.annotations.Nullable;
import org.nucleon.host.ethernet.IpPrefix;
import tools.jackson.databind.JsonNode;

/** Reads what {@code nft -j list table} prints, see libnftables-json(5). */
final class TableReader {
  private final Map<String, @Nullable Hook> hooks = new HashMap<>();
  private final Map<String, List<String>> rules = new HashMap<>();
  private final Map<String, TableState.SetState> sets = new HashMap<>();

  private TableReader() {}

  static TableState read(JsonNode listing) {
    TableReader reader = new TableReader();
    for (JsonNode object : listing.path("nftables")) {
      reader.chain(object.path("chain"));
      reader.rule(object.path("rule"));
      reader.set(object.path("set"), false);
      reader.set(object.path("map"), true);
    }
    Map<String, TableState.ChainState> chains = new HashMap<>();
    reader.hooks.forEach((name, hook) ->
        chains.put(
            name, new TableState.ChainState(hook, reader.rules.getOrDefault(name, List.of()))));
    return new TableState(chains, reader.sets);
  }

  private void chain(JsonNode chain) {
    if (!chain.isMissingNode()) {
      hooks.put(chain.path("name").asString(), hook(chain));
    }
  }

  private static @Nullable Hook hook(JsonNode chain) {
    if (!chain.has("hook")) {
      return null;
    }
    try {
      return new Hook(
          Hook.Type.valueOf(chain.path("type").asString().toUpperCase(Locale.ROOT)),
          Hook.Point.valueOf(chain.path("hook").asString().toUpperCase(Locale.ROOT)),
          chain.path("prio").asInt(),
          chain.path("policy").asString("").equals("drop"));
    } catch (IllegalArgumentException e) {
      return null;
    }
  }

  private void rule(JsonNode rule) {
    if (!rule.isMissingNode()) {
      rules
          .computeIfAbsent(rule.path("chain").asString(), name -> new ArrayList<>())
          .add(rule.path("comment").asString(""));
    }
  }

  private void set(JsonNode set, boolean map) {
    if (set.isMissingNode()) {
      return;
    }
    Map<String, String> elements = new HashMap<>();
    for (JsonNode element : set.path("elem")) {
      if (map) {
        String to = text(element.path(1), set.path("map"));
        elements.put(text(element.path(0), set.path("type")), to);
      } else {
        elements.put(text(element, set.path("type")), "");
      }
    }
    boolean intervals =
        StreamSupport.stream(set.path("flags").spliterator(), false)
            .anyMatch(flag -> flag.asString().equals("interval"));
    String type =
        map ? type(set.path("type")) + " : " + type(set.path("map")) : type(set.path("type"));
    sets.put(set.path("name").asString(), new TableState.SetState(map, type, intervals, elements));
  }

  private static String type(JsonNode type) {
    return type.isString()
        ? type.asString()
        : StreamSupport.stream(type.spliterator(), false)
            .map(JsonNode::asString)
            .collect(Collectors.joining(" . "));
  }

  /** The canonical text of a value, that of {@link Data}; a stranger's as it stands. */
  private static String text(JsonNode value, JsonNode type) {
    if (value.has("elem")) {
      return text(value.path("elem").path("val"), type);
    }
    if (type(type).equals(DataType.DEVICE.text())) {
      return '"' + value.asString() + '"';
    }
    if (value.has("prefix")) {
      JsonNode prefix = value.path("prefix");
      return network(prefix.path("addr").asString() + "/" + prefix.path("len").asInt());
    }
    return value.isString() ? network(value.asString()) : value.toString();
  }

  private static String network(String text) {
    try {
      return new Data.Network(IpPrefix.parse(text)).text();
    } catch (IllegalArgumentException notAnAddress) {
      return text;
    }
  }
}
