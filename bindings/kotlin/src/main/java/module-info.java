/** Scalekit's REST API: the package {@code rs.scalekit}. */
module rs.scalekit {
    requires transitive kotlin.stdlib;
    requires transitive kotlinx.coroutines.core;
    requires transitive kotlinx.serialization.json;
    requires com.sun.jna;
    requires static com.fasterxml.jackson.annotation;
    requires static org.jspecify;

    exports rs.scalekit;

    // JNA finds the native functions and the callback by reflection.
    opens rs.scalekit.internal to com.sun.jna;
}
