package org.nucleon.core.schema;

/**
 * An extension of the API as {@code GET /v2.0/extensions} lists it.
 *
 * @param alias what clients look for: {@code port-security}
 * @param name for people
 * @param description one sentence
 * @param updated date of the definition, {@code 2015-04-30T10:00:00-00:00}
 */
public record Extension(String alias, String name, String description, String updated) {}
