//! The native library behind the bindings: the core, with its exported symbols.
scalekit::uniffi_reexport_scaffolding!();
