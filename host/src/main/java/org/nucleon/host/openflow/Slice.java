package org.nucleon.host.openflow;

/**
 * Some adjacent bits of a field.
 *
 * @param field the field
 * @param offset the lowest bit, 0 upwards
 * @param count how many bits, 1 upwards
 */
public record Slice(Field field, int offset, int count) {
  /** Refuses bits that the field does not have. */
  public Slice {
    if (offset < 0 || count < 1 || offset + count > field.width()) {
      throw new IllegalArgumentException(
          "bits " + offset + "+" + count + " of " + field.width() + " in " + field.ovsName());
    }
  }

  /** The bits in the encoding that Nicira's actions use: offset and count less one. */
  int offsetAndCount() {
    return offset << 6 | (count - 1);
  }

  static Slice decode(Field field, int offsetAndCount) {
    return new Slice(field, offsetAndCount >>> 6, (offsetAndCount & 0x3f) + 1);
  }

  /** As in ovs-ofctl: {@code NXM_NX_REG6[0..15]} by the field's other name, {@code reg6[0..15]}. */
  @Override
  public String toString() {
    return field.ovsName()
        + (count == field.width()
            ? "[]"
            : count == 1 ? "[" + offset + "]" : "[" + offset + ".." + (offset + count - 1) + "]");
  }
}
