package org.nucleon.dhcp.server;

import java.util.ArrayList;
import java.util.List;
import org.nucleon.core.ApiException;
import org.nucleon.core.resource.Draft;
import org.nucleon.core.resource.Resource;
import org.nucleon.core.schema.Values;
import org.nucleon.core.transaction.ResourceRules;
import org.nucleon.core.transaction.Transaction;
import org.nucleon.dhcp.api.ExtraDhcpOption;

/** A request names the options that it changes; the others stay. */
final class OptionRules implements ResourceRules {

  @Override
  public void onCreateRequest(Transaction tx, Draft port) {
    port.set(ExtraDhcpOption.OF_PORT, merged(List.of(), port.get(ExtraDhcpOption.OF_PORT)));
  }

  @Override
  public void onUpdateRequest(Transaction tx, Draft port) {
    if (port.isGiven(ExtraDhcpOption.OF_PORT)) {
      Resource before = port.before().orElseThrow();
      port.set(
          ExtraDhcpOption.OF_PORT,
          merged(before.get(ExtraDhcpOption.OF_PORT), port.get(ExtraDhcpOption.OF_PORT)));
    }
  }

  private static List<ExtraDhcpOption> merged(
      List<ExtraDhcpOption> before, List<ExtraDhcpOption> given) {
    List<ExtraDhcpOption> merged = new ArrayList<>(before);
    for (ExtraDhcpOption option : given) {
      if (given.stream().filter(option::isAbout).count() > 1) {
        throw ApiException.badRequest(
            "ExtraDhcpOptBadData",
            "Invalid data format for extra_dhcp_opts: "
                + Values.quoted(option.name())
                + " is there twice.");
      }
      merged.removeIf(option::isAbout);
      if (option.value() != null) {
        merged.add(option);
      }
    }
    if (merged.size() > ExtraDhcpOption.most()) {
      throw ApiException.badRequest(
          "ExtraDhcpOptBadData",
          "Invalid data format for extra_dhcp_opts: a port has at most "
              + ExtraDhcpOption.most()
              + ".");
    }
    return List.copyOf(merged);
  }
}
