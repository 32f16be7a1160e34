//! The C library: its header, its tests, its examples and its installation.

pub mod abi;
mod examples;
pub mod header;
pub mod install;
pub mod library;
pub mod test;

pub use test::bench_program;
