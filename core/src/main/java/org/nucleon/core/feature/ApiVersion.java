package org.nucleon.core.feature;

import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The version of what plugins compile against: core and the {@code api} packages. A minor version
 * only adds; a major one may change or remove.
 *
 * @param major plugins are built for one
 * @param minor a plugin runs with its own and any later one
 */
public record ApiVersion(int major, int minor) {

  /** The version of this build. */
  public static final ApiVersion CURRENT = new ApiVersion(1, 0);

  private static final Pattern TEXT = Pattern.compile("(\\d{1,4})\\.(\\d{1,4})");

  /**
   * Reads {@code 1.0}.
   *
   * @throws IllegalArgumentException if it is something else
   */
  public static ApiVersion parse(String text) {
    Matcher matcher = TEXT.matcher(text.strip());
    if (!matcher.matches()) {
      throw new IllegalArgumentException("MAJOR.MINOR expected, not '" + text + "'");
    }
    return new ApiVersion(Integer.parseInt(matcher.group(1)), Integer.parseInt(matcher.group(2)));
  }

  /** Whether a plugin built for this version runs with another. */
  public boolean runsWith(ApiVersion other) {
    return major == other.major && minor <= other.minor;
  }

  @Override
  public String toString() {
    return major + "." + minor;
  }
}
