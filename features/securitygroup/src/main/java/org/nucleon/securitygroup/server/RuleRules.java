package org.nucleon.securitygroup.server;

import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.UUID;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.nucleon.core.ApiException;
import org.nucleon.core.net.IpPrefix;
import org.nucleon.core.resource.Attributes;
import org.nucleon.core.resource.Draft;
import org.nucleon.core.resource.Resource;
import org.nucleon.core.state.Claim;
import org.nucleon.core.transaction.ResourceRules;
import org.nucleon.core.transaction.Transaction;
import org.nucleon.securitygroup.api.Ethertype;
import org.nucleon.securitygroup.api.Protocol;
import org.nucleon.securitygroup.api.RemotePrefix;
import org.nucleon.securitygroup.api.SecurityGroupRules;
import org.nucleon.securitygroup.api.SecurityGroups;

/** What a security group rule may say. */
final class RuleRules implements ResourceRules {

  @Override
  public void onCreateRequest(Transaction tx, Draft rule) {
    ownGroup(tx, rule.get(SecurityGroupRules.SECURITY_GROUP_ID));
    rule.find(SecurityGroupRules.REMOTE_GROUP_ID).ifPresent(id -> ownGroup(tx, id));
  }

  @Override
  public void onBulkRequest(Transaction tx, List<Draft> rules) {
    Draft first = rules.getFirst();
    for (Draft rule : rules) {
      if (!rule.project().equals(first.project())) {
        throw ApiException.badRequest(
            "SecurityGroupRulesNotSingleTenant",
            "Multiple tenant_ids in bulk security group rule create not allowed");
      }
      if (!rule.get(SecurityGroupRules.SECURITY_GROUP_ID)
          .equals(first.get(SecurityGroupRules.SECURITY_GROUP_ID))) {
        throw ApiException.badRequest(
            "SecurityGroupNotSingleGroupRules",
            "Only allowed to update rules for one security profile at a time");
      }
    }
  }

  private static Resource ownGroup(Transaction tx, UUID id) {
    return tx.find(SecurityGroups.SECURITY_GROUP, id)
        .filter(group -> tx.caller().owns(group.project()))
        .orElseThrow(() -> notFound(id));
  }

  private static ApiException notFound(UUID id) {
    return ApiException.notFound(
        "SecurityGroupNotFound", "Security group " + id + " does not exist");
  }

  @Override
  public void onCreate(Transaction tx, Draft rule) {
    UUID groupId = rule.get(SecurityGroupRules.SECURITY_GROUP_ID);
    Resource group =
        tx.find(SecurityGroups.SECURITY_GROUP, groupId).orElseThrow(() -> notFound(groupId));
    normalizeIcmp(rule);
    checkProtocol(rule);
    checkPorts(rule);
    checkRemote(rule);
    claimWhatItSays(tx, rule);
    if (group.number() > 0) { // else it is made together with its rules
      tx.touch(group);
    }
  }

  /** Over IPv6, ICMP is ICMPv6 by whatever name. */
  private static void normalizeIcmp(Draft rule) {
    Protocol protocol = rule.value(SecurityGroupRules.PROTOCOL);
    if (protocol != null
        && rule.get(SecurityGroupRules.ETHERTYPE) == Ethertype.IPV6
        && protocol.isIcmp()) {
      boolean isNumber = Character.isDigit(protocol.text().charAt(0));
      String text = isNumber ? Integer.toString(Protocol.ICMPV6) : "ipv6-icmp";
      rule.set(SecurityGroupRules.PROTOCOL, new Protocol(text, Protocol.ICMPV6));
    }
  }

  private static void checkProtocol(Draft rule) {
    Protocol protocol = rule.value(SecurityGroupRules.PROTOCOL);
    if (protocol != null
        && protocol.isIpv6Only()
        && rule.get(SecurityGroupRules.ETHERTYPE) == Ethertype.IPV4) {
      throw ApiException.badRequest(
          "SecurityGroupEthertypeConflictWithProtocol",
          "Invalid ethertype IPv4 for protocol " + protocol.text() + ".");
    }
  }

  private static void checkPorts(Draft rule) {
    Integer min = rule.value(SecurityGroupRules.PORT_RANGE_MIN);
    Integer max = rule.value(SecurityGroupRules.PORT_RANGE_MAX);
    if (min == null && max == null) {
      return;
    }
    Protocol protocol = rule.value(SecurityGroupRules.PROTOCOL);
    if (protocol == null) {
      throw ApiException.badRequest(
          "SecurityGroupProtocolRequiredWithPorts",
          "Must also specify protocol if port range is given.");
    }
    if (protocol.isIcmp()) {
      checkIcmp(min, max);
    } else if (!protocol.hasPorts()) {
      throw ApiException.badRequest(
          "SecurityGroupInvalidProtocolForPort",
          "Invalid protocol "
              + protocol.text()
              + " for port range, only supported for TCP, UDP, UDPLITE, SCTP and DCCP.");
    } else if (Objects.equals(min, 0) || Objects.equals(max, 0)) {
      throw ApiException.badRequest(
          "SecurityGroupInvalidPortValue", "Invalid value for port 0: 1 to 65535 are expected.");
    } else if (min == null || max == null || min > max) {
      throw ApiException.badRequest(
          "SecurityGroupInvalidPortRange",
          "For TCP/UDP protocols, port_range_min must be <= port_range_max");
    } else if (min == 1 && max == 65_535) {
      rule.set(SecurityGroupRules.PORT_RANGE_MIN, null)
          .set(SecurityGroupRules.PORT_RANGE_MAX, null);
    }
  }

  private static void checkIcmp(@Nullable Integer type, @Nullable Integer code) {
    if (type == null) {
      throw ApiException.badRequest(
          "SecurityGroupMissingIcmpType",
          "ICMP code (port-range-max) "
              + code
              + " is provided but ICMP type (port-range-min) is missing.");
    }
    if (type > 255 || code != null && code > 255) {
      throw ApiException.badRequest(
          "SecurityGroupInvalidIcmpValue",
          type > 255
              ? "Invalid value for ICMP type (port-range-min) " + type + ". It must be 0 to 255."
              : "Invalid value for ICMP code (port-range-max) " + code + ". It must be 0 to 255.");
    }
  }

  private static void checkRemote(Draft rule) {
    RemotePrefix given = rule.value(SecurityGroupRules.REMOTE_IP_PREFIX);
    if (given == null) {
      return;
    }
    if (rule.value(SecurityGroupRules.REMOTE_GROUP_ID) != null) {
      throw ApiException.badRequest(
          "SecurityGroupMultipleRemoteEntites",
          "Only remote_ip_prefix or remote_group_id may be provided.");
    }
    IpPrefix prefix = given.prefix();
    if (prefix.version() != rule.get(SecurityGroupRules.ETHERTYPE).version()) {
      throw ApiException.badRequest(
          "SecurityGroupRuleParameterConflict",
          "Conflicting value ethertype "
              + rule.get(SecurityGroupRules.ETHERTYPE)
              + " for CIDR "
              + given);
    }
    rule.set(SecurityGroupRules.NORMALIZED_CIDR, prefix);
  }

  /** No two rules of a group say the same, be they made at the same moment. */
  private static void claimWhatItSays(Transaction tx, Draft rule) {
    Claim claim = whatItSays(rule);
    Optional<UUID> other = tx.owner(claim);
    if (other.isEmpty()) {
      tx.claim(claim, rule.id());
      return;
    }
    boolean isStored =
        tx.find(SecurityGroupRules.RULE, other.get())
            .filter(present -> present.number() > 0)
            .isPresent();
    throw isStored
        ? ApiException.conflict(
            "SecurityGroupRuleExists",
            "Security group rule already exists. Rule id is " + other.get() + ".")
        : ApiException.conflict(
            "DuplicateSecurityGroupRuleInPost", "Duplicate Security Group Rule in POST.");
  }

  private static Claim whatItSays(Draft rule) {
    return new Claim(
        "security_group_rule",
        rule.get(SecurityGroupRules.SECURITY_GROUP_ID).toString(),
        Stream.of(
                rule.get(SecurityGroupRules.DIRECTION),
                rule.get(SecurityGroupRules.ETHERTYPE),
                number(rule),
                rule.value(SecurityGroupRules.PORT_RANGE_MIN),
                rule.value(SecurityGroupRules.PORT_RANGE_MAX),
                rule.value(SecurityGroupRules.REMOTE_GROUP_ID),
                remote(rule))
            .map(part -> part == null ? "" : part.toString())
            .collect(Collectors.joining(" ")));
  }

  private static @Nullable Integer number(Attributes rule) {
    Protocol protocol = rule.value(SecurityGroupRules.PROTOCOL);
    return protocol == null ? null : (Integer) protocol.number();
  }

  /** From everywhere is the same as without a prefix. */
  private static @Nullable IpPrefix remote(Attributes rule) {
    IpPrefix prefix = rule.value(SecurityGroupRules.NORMALIZED_CIDR);
    return prefix == null || prefix.length() == 0 ? null : prefix;
  }

  @Override
  public void onDelete(Transaction tx, Resource rule) {
    tx.find(SecurityGroups.SECURITY_GROUP, rule.get(SecurityGroupRules.SECURITY_GROUP_ID))
        .ifPresent(tx::touch);
  }
}
