//! The native library that the bindings call: it exports the core's FFI symbols, and calls of them with arguments in memory.

pub mod frames;
mod shape;

scalekit::uniffi_reexport_scaffolding!();
