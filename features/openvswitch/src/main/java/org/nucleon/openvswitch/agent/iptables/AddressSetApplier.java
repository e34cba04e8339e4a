package org.nucleon.openvswitch.agent.iptables;

import java.io.IOException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.nucleon.agent.api.Applier;
import org.nucleon.agent.api.ApplyException;
import org.nucleon.agent.api.Drift;
import org.nucleon.agent.api.Stage;
import org.nucleon.core.net.IpPrefix;
import org.nucleon.host.iptables.Ip;
import org.nucleon.host.iptables.IpSets;
import org.nucleon.host.namespace.NetworkNamespace;
import org.nucleon.openvswitch.agent.iptables.AddressSetItem.AddressSet;
import org.nucleon.openvswitch.agent.iptables.AddressSetItem.Member;

/**
 * Makes sets of addresses, each change set by one {@code ipset restore}. The kernel does not tell
 * when others change them; that is found when all is looked at.
 */
public final class AddressSetApplier implements Applier<AddressSetItem> {

  private static final String TYPE = "hash:net family ";

  /** The kernel's own limit would be 65,536. */
  private static final String SIZE = " maxelem 1048576";

  private final IpSets sets;
  private final boolean isNeeded;

  /**
   * An applier.
   *
   * @param namespace the host's own
   * @param isNeeded whether any sets are to be made here; else only what is left of such a time
   *     goes
   */
  public AddressSetApplier(NetworkNamespace namespace, boolean isNeeded) {
    this.sets = IpSets.in(namespace);
    this.isNeeded = isNeeded;
  }

  @Override
  public Class<AddressSetItem> items() {
    return AddressSetItem.class;
  }

  @Override
  public Stage stage() {
    return Stage.FILTERS;
  }

  @Override
  public void start(Drift<AddressSetItem> drift) {
    // nothing tells of changes
  }

  @Override
  public Map<Object, AddressSetItem> read() throws ApplyException {
    Map<Object, AddressSetItem> items = new HashMap<>();
    try {
      sets.save()
          .forEach((name, saved) -> {
            if (FilterNames.isOurSet(name)) {
              Ip version = saved.type().startsWith(TYPE + "inet6 ") ? Ip.V6 : Ip.V4;
              AddressSet set = new AddressSet(name, version);
              items.put(set.key(), set);
              for (String member : saved.members()) {
                Member item = new Member(name, IpPrefix.parse(member));
                items.put(item.key(), item);
              }
            }
          });
    } catch (IOException | IllegalArgumentException e) {
      if (!isNeeded) {
        return Map.of(); // a kernel that cannot do it has nothing of ours
      }
      throw new ApplyException("the sets of addresses cannot be read", e);
    }
    return items;
  }

  @Override
  public Map<Object, String> apply(
      Collection<AddressSetItem> put, Collection<AddressSetItem> remove) {
    Map<AddressSetItem, String> lines = new LinkedHashMap<>();
    put.stream().sorted(BY_RANK).forEach(item -> lines.put(item, making(item)));
    remove.stream().sorted(BY_RANK.reversed()).forEach(item -> lines.put(item, ending(item)));
    Map<Object, String> failed = new HashMap<>();
    try {
      sets.restore(String.join("\n", lines.values()) + "\n");
    } catch (IOException e) {
      lines.forEach((item, line) -> {
        try {
          sets.restore(line + "\n");
        } catch (IOException why) {
          failed.put(item.key(), String.valueOf(why.getMessage()));
        }
      });
    }
    return failed;
  }

  /** Sets before what is in them. */
  private static final Comparator<AddressSetItem> BY_RANK =
      Comparator.comparing(item -> item instanceof Member);

  private static String making(AddressSetItem item) {
    return switch (item) {
      case AddressSet set -> "create " + set.set() + " " + TYPE + set.version().family() + SIZE;
      case Member member -> "add " + member.set() + " " + member.prefix();
    };
  }

  private static String ending(AddressSetItem item) {
    return switch (item) {
      case AddressSet set -> "destroy " + set.set();
      case Member member -> "del " + member.set() + " " + member.prefix();
    };
  }

  /** Addresses that a set can hold which mean the same: all of them are two halves. */
  public static List<Member> members(String set, IpPrefix prefix) {
    List<Member> members = new ArrayList<>();
    if (prefix.length() > 0) {
      members.add(new Member(set, prefix));
    } else {
      IpPrefix lower = IpPrefix.containing(prefix.address(), 1);
      members.add(new Member(set, lower));
      members.add(new Member(set, IpPrefix.containing(prefix.last(), 1)));
    }
    return members;
  }

  @Override
  public void close() {
    // nothing is held
  }
}
