package org.nucleon.core.feature;

/** A feature asks for an option of which it has told nobody before. A mistake in the feature. */
public final class UndeclaredOptionException extends IllegalStateException {

  private static final long serialVersionUID = 1;

  /**
   * About an option.
   *
   * @param why what the feature should have done
   */
  public UndeclaredOptionException(Option<?> option, String why) {
    super(option + " was asked for, and " + why);
  }
}
