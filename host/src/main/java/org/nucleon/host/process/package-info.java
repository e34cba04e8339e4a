/**
 * Long-running programs: started so that they outlive us, found again, watched by pidfd, stopped.
 * They run in the foreground mode that they all have; the pid files are ours, not theirs.
 */
@NullMarked
package org.nucleon.host.process;

import org.jspecify.annotations.NullMarked;
