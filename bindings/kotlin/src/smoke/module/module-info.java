/** A program on the module path. */
module smoke {
    requires rs.scalekit;
}
