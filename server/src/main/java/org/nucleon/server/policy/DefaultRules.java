package org.nucleon.server.policy;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.nucleon.core.schema.Access;
import org.nucleon.core.schema.Attribute;
import org.nucleon.core.schema.Catalog;
import org.nucleon.core.schema.Layout;
import org.nucleon.core.schema.Operation;
import org.nucleon.core.schema.ResourceType.Below;
import org.nucleon.core.schema.ResourceType.Visibility;

/** The rules that hold where no policy file says otherwise, by name; pure. */
final class DefaultRules {

  private DefaultRules() {}

  /**
   * All of them: the named ones that others use, those that follow from resource types and
   * attributes, and what features declare.
   *
   * @param enforceRoles whether a project's members may write and its readers only read; otherwise
   *     any role in a project is enough for both
   */
  static Map<String, String> of(Catalog catalog, boolean enforceRoles) {
    Map<String, String> rules = named(enforceRoles);
    for (Layout layout : catalog.layouts()) {
      if (layout.type().visibility() != Visibility.INTERNAL) {
        derive(layout, rules);
      }
    }
    rules.putAll(catalog.policies());
    return rules;
  }

  private static Map<String, String> named(boolean enforceRoles) {
    Map<String, String> rules = new LinkedHashMap<>();
    rules.put("context_is_admin", "role:admin");
    rules.put("context_is_advsvc", "role:advsvc");
    rules.put("owner", "tenant_id:%(tenant_id)s");
    rules.put("admin_only", "rule:context_is_admin");
    rules.put("admin_or_owner", "rule:context_is_admin or rule:owner");
    rules.put("regular_user", "");
    rules.put("default", "rule:admin_or_owner");
    String owner = "rule:context_is_admin or (role:%s and rule:owner)";
    rules.put(
        "admin_or_project_member",
        enforceRoles ? owner.formatted("member") : "rule:admin_or_owner");
    rules.put(
        "admin_or_project_reader",
        enforceRoles ? owner.formatted("reader") : "rule:admin_or_owner");
    rules.put("network_owner", "tenant_id:%(network:tenant_id)s");
    String role = enforceRoles ? "role:%s and rule:network_owner" : "rule:network_owner";
    rules.put("network_owner_member", role.formatted("member"));
    rules.put("network_owner_reader", role.formatted("reader"));
    rules.put("admin_or_network_owner", "rule:context_is_admin or rule:network_owner_member");
    rules.put(
        "admin_owner_or_network_owner",
        "rule:admin_or_project_member or rule:network_owner_member");
    rules.put("ext_parent_owner", "tenant_id:%(ext_parent:tenant_id)s");
    rules.put("admin_or_ext_parent_owner", "rule:context_is_admin or rule:ext_parent_owner");
    rules.put("admin_or_parent_owner", "rule:admin_or_ext_parent_owner");
    rules.put("shared", "field:networks:shared=True");
    rules.put("external", "field:networks:router:external=True");
    rules.put("watch", "rule:admin_only");
    rules.put("network_device", "field:port:device_owner=~^network:");
    return rules;
  }

  private static void derive(Layout layout, Map<String, String> rules) {
    String name = layout.type().policyName();
    boolean owned = layout.type().visibility() == Visibility.OWNER;
    String write = owned ? "rule:admin_or_project_member" : Access.ADMIN.rule();
    rules.put("create_" + name, write);
    rules.put("get_" + name, owned ? "rule:admin_or_project_reader" : Access.ADMIN.rule());
    rules.put("update_" + name, write);
    rules.put("delete_" + name, write);
    Below below = layout.type().below();
    if (below != null && below.aliased()) {
      for (String verb : List.of("get_", "update_", "delete_")) {
        rules.put(verb + layout.type().alias(), "rule:" + verb + name);
      }
    }
    for (Attribute<?> attribute : layout.attributes()) {
      if (!attribute.isHidden()) {
        put(rules, "get_" + name + ":" + attribute.name(), attribute.readAccess());
      }
      for (Operation operation : Operation.values()) {
        if (attribute.isSettable(operation)) {
          String rule =
              operation.name().toLowerCase(Locale.ROOT) + "_" + name + ":" + attribute.name();
          put(rules, rule, attribute.writeAccess(operation));
          attribute
              .memberAccess(operation)
              .forEach((member, access) -> put(rules, rule + ":" + member, access));
        }
      }
    }
  }

  private static void put(Map<String, String> rules, String name, Access access) {
    if (access.restricts()) {
      rules.put(name, access.rule());
    }
  }
}
