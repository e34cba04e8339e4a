package org.nucleon.server.identity;

import java.util.List;
import org.nucleon.core.feature.Configuration;
import org.nucleon.core.feature.Option;

/** Options by which a service finds Keystone and makes itself known to it. */
public final class KeystoneOptions {

  private KeystoneOptions() {}

  private static final String AUTHTOKEN = "keystone_authtoken";

  /** How requests are authenticated. */
  static final Option<String> AUTH_STRATEGY =
      Option.parsed(
          "DEFAULT",
          "auth_strategy",
          "",
          "keystone or noauth",
          "keystone or noauth; by default keystone where [keystone_authtoken] names one",
          text ->
              switch (text) {
                case "", "keystone", "noauth" -> text;
                default -> throw new IllegalArgumentException("keystone or noauth expected");
              });

  /** Where clients are sent for a token. */
  static final Option<String> WWW_AUTHENTICATE_URI =
      Option.text(AUTHTOKEN, "www_authenticate_uri", "", "Keystone's address as clients know it")
          .formerly(AUTHTOKEN, "auth_uri");

  /** How long an answer of Keystone's about a token is used. */
  static final Option<Integer> TOKEN_CACHE_TIME =
      Option.integer(
          AUTHTOKEN, "token_cache_time", 300, "seconds that what Keystone says of a token is used");

  /** How long Keystone is waited for. */
  static final Option<Integer> TIMEOUT =
      Option.integer(
          AUTHTOKEN, "http_connect_timeout", 5, "seconds that Keystone may take to answer");

  /** Roles by which a service is known. */
  static final Option<List<String>> SERVICE_TOKEN_ROLES =
      Option.list(
          AUTHTOKEN,
          "service_token_roles",
          "service",
          "roles of services whose X-Service-Token keeps an expired user token good");

  /** The account of this service that validates tokens. */
  static KeystoneAccount account(Configuration configuration) {
    return KeystoneAccount.of(configuration, AUTHTOKEN, TIMEOUT);
  }

  /**
   * Who tells callers apart, as the operator chose.
   *
   * @throws IllegalArgumentException naming the option that is missing or wrong
   */
  public static Identity identity(Configuration configuration) {
    String strategy = configuration.get(AUTH_STRATEGY);
    KeystoneAccount account = account(configuration);
    configuration.get(WWW_AUTHENTICATE_URI);
    if (strategy.equals("noauth") || strategy.isEmpty() && account.authUrl().isEmpty()) {
      return new WithoutIdentity();
    }
    account.check();
    String uri = configuration.get(WWW_AUTHENTICATE_URI);
    return new KeystoneIdentity(
        new Keystone(account),
        uri.isEmpty() ? account.authUrl() : uri,
        configuration.get(TOKEN_CACHE_TIME),
        configuration.get(SERVICE_TOKEN_ROLES));
  }
}
