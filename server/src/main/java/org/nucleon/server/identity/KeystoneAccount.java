package org.nucleon.server.identity;

import java.net.URI;
import java.util.LinkedHashMap;
import java.util.Map;
import org.nucleon.core.feature.Configuration;
import org.nucleon.core.feature.Option;

/**
 * A user of Keystone's with a password, as keystoneauth's {@code password} plugin is configured.
 *
 * @param section where the options are, for messages
 * @param authUrl Keystone's address, with or without {@code /v3}
 * @param seconds how long one answer is waited for
 * @param trust whose certificates are believed
 */
public record KeystoneAccount(
    String section,
    String authUrl,
    String username,
    String password,
    String userDomainId,
    String userDomainName,
    String projectName,
    String projectDomainId,
    String projectDomainName,
    String region,
    int seconds,
    Trust trust) {

  /**
   * The account that a section names; without {@code auth_url} it is none.
   *
   * @param timeout the option that says how long an answer is waited for, in seconds
   */
  public static KeystoneAccount of(
      Configuration configuration, String section, Option<Integer> timeout) {
    configuration.get(authType(section));
    return new KeystoneAccount(
        section,
        text(configuration, section, "auth_url", "", "Keystone's address"),
        text(configuration, section, "username", "", "this service's user"),
        configuration.get(Option.secret(section, "password", "the user's password")),
        text(configuration, section, "user_domain_id", "", "the user's domain"),
        text(configuration, section, "user_domain_name", "", "the user's domain"),
        text(configuration, section, "project_name", "service", "the user's project"),
        text(configuration, section, "project_domain_id", "", "the project's domain"),
        text(configuration, section, "project_domain_name", "", "the project's domain"),
        text(configuration, section, "region_name", "", "the region of endpoints, empty for any"),
        Math.max(1, configuration.get(timeout)),
        Trust.of(configuration, section));
  }

  private static Option<String> authType(String section) {
    return Option.parsed(
        section,
        "auth_type",
        "password",
        "password",
        "how this service proves to Keystone who it is: by a password",
        text ->
            switch (text) {
              case "", "password", "v3password" -> text;
              default -> throw new IllegalArgumentException("password expected");
            });
  }

  private static String text(
      Configuration configuration, String section, String name, String value, String about) {
    return configuration.get(Option.text(section, name, value, about));
  }

  /**
   * Checks that it can be used.
   *
   * @throws IllegalArgumentException naming the option that is missing or wrong
   */
  public void check() {
    if (authUrl.isEmpty()) {
      throw new IllegalArgumentException("[" + section + "] auth_url is missing");
    }
    String scheme;
    try {
      scheme = String.valueOf(URI.create(authUrl).getScheme());
    } catch (IllegalArgumentException e) {
      scheme = "";
    }
    if (!scheme.equals("http") && !scheme.equals("https")) {
      throw new IllegalArgumentException(
          "[" + section + "] auth_url = " + authUrl + ": an http or https URL expected");
    }
    if (username.isEmpty()) {
      throw new IllegalArgumentException("[" + section + "] username is missing");
    }
  }

  /** Where Keystone's version 3 is. */
  String v3() {
    String base = authUrl.replaceAll("/+$", "");
    return base.endsWith("/v3") ? base : base.replaceAll("/v2\\.0$", "") + "/v3";
  }

  /** The body of a request for a token in the account's project. */
  Map<String, Object> body() {
    Map<String, Object> user = new LinkedHashMap<>();
    user.put("name", username);
    user.put("domain", domain(userDomainId, userDomainName));
    user.put("password", password);
    Map<String, Object> identity = new LinkedHashMap<>();
    identity.put("methods", java.util.List.of("password"));
    identity.put("password", Map.of("user", user));
    Map<String, Object> project = new LinkedHashMap<>();
    project.put("name", projectName);
    project.put("domain", domain(projectDomainId, projectDomainName));
    return Map.of("auth", Map.of("identity", identity, "scope", Map.of("project", project)));
  }

  private static Map<String, String> domain(String id, String name) {
    return !id.isEmpty()
        ? Map.of("id", id)
        : name.isEmpty() ? Map.of("id", "default") : Map.of("name", name);
  }

  /** Without the password. */
  @Override
  public String toString() {
    return username + " at " + authUrl;
  }
}
