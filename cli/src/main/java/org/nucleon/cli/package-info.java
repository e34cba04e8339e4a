/**
 * The command line: one class for each verb, and how a server is put together from its options.
 *
 * <p>What an operator got wrong is a {@link org.nucleon.cli.Refusal}: one line, exit status 1, no
 * stack trace.
 */
package org.nucleon.cli;
