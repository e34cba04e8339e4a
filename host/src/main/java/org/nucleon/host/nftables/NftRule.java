package org.nucleon.host.nftables;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;
import java.util.stream.Collectors;

/**
 * A rule.
 *
 * @param expressions conditions and what is done, in order
 */
public record NftRule(List<Expression> expressions) {
  /** Copies the list. */
  public NftRule {
    expressions = List.copyOf(expressions);
  }

  /** A rule of these parts. */
  public static NftRule of(Expression... expressions) {
    return new NftRule(List.of(expressions));
  }

  /**
   * A short hash of the rule's text. It stands in the rule's comment in the kernel: what the kernel
   * prints of a rule is not what it was told, so that texts can't be compared.
   */
  public String hash() {
    try {
      byte[] digest =
          MessageDigest.getInstance("SHA-256").digest(body().getBytes(StandardCharsets.UTF_8));
      return HexFormat.of().formatHex(digest, 0, 8);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e);
    }
  }

  /** The rule with its comment, as nft reads it. */
  public String text() {
    return body() + " comment \"" + hash() + '"';
  }

  private String body() {
    return expressions.stream().map(Expression::text).collect(Collectors.joining(" "));
  }
}
