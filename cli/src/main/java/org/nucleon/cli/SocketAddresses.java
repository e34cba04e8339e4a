package org.nucleon.cli;

import java.net.InetSocketAddress;

/** Reads {@code ADDRESS:PORT}, an IPv6 address in brackets. */
final class SocketAddresses {

  private SocketAddresses() {}

  /**
   * The address in an option's text.
   *
   * @throws Refusal naming the option, if the text is none
   */
  static InetSocketAddress parse(String option, String text) throws Refusal {
    int colon = text.lastIndexOf(':');
    String port = text.substring(colon + 1);
    if (colon <= 0 || !port.matches("\\d{1,5}") || Integer.parseInt(port) > 65_535) {
      throw new Refusal(option + " " + text + ": ADDRESS:PORT expected");
    }
    String host = text.substring(0, colon).replaceAll("^\\[(.*)\\]$", "$1");
    InetSocketAddress address = new InetSocketAddress(host, Integer.parseInt(port));
    if (address.isUnresolved()) {
      throw new Refusal(option + " " + text + ": no such host");
    }
    return address;
  }
}
