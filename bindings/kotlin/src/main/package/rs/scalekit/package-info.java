/**
 * Scalekit's REST API.
 *
 * <p>Types without {@code @Nullable} are never null.
 */
@NullMarked
package rs.scalekit;

import org.jspecify.annotations.NullMarked;
