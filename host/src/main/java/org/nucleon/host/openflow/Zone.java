package org.nucleon.host.openflow;

/** A connection tracking zone: a number, or the number that a field holds. */
public sealed interface Zone {
  /**
   * The zone of this number.
   *
   * @param number 0 to 65535
   */
  record Fixed(int number) implements Zone {
    @Override
    public String toString() {
      return Integer.toString(number);
    }
  }

  /**
   * The zone whose number stands in a field.
   *
   * @param source at most 16 bits
   */
  record From(Slice source) implements Zone {
    @Override
    public String toString() {
      return source.toString();
    }
  }

  /** The zone of this number. */
  static Zone of(int number) {
    return new Fixed(number);
  }

  /** The zone that the lower 16 bits of register {@code number} hold. */
  static Zone ofReg(int number) {
    return new From(Field.reg(number).bits(0, 16));
  }
}
