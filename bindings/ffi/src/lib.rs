//! The native library that the bindings call: it exports the core's FFI symbols.
scalekit::uniffi_reexport_scaffolding!();
