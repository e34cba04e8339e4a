/** Who may do what: rules in oslo.policy's language, derived from the declarations. */
@org.jspecify.annotations.NullMarked
package org.nucleon.server.policy;
