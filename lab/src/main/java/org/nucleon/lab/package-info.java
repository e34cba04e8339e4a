/**
 * Hosts, guests and wires made of namespaces. Scenarios and the demo are written in these words.
 *
 * <p>Everything here starts programs freely: it is the lab, not the product. It runs only under
 * {@code lab/namespaced/enter}, so that whatever is made ends with the process that made it.
 */
@NullMarked
package org.nucleon.lab;

import org.jspecify.annotations.NullMarked;
