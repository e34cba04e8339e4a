package org.nucleon.host.netlink;

/** The rule for names of devices. */
final class LinkName {
  private LinkName() {}

  /**
   * Returns {@code name} if the kernel would take it for a device.
   *
   * @throws IllegalArgumentException if not
   */
  static String check(String name) {
    boolean valid =
        !name.isEmpty()
            && name.length() <= 15
            && !name.equals(".")
            && !name.equals("..")
            && name.chars().allMatch(c -> c > ' ' && c < 127 && c != '/' && c != ':' && c != '%');
    if (!valid) {
      throw new IllegalArgumentException("not a device's name: " + name);
    }
    return name;
  }
}
