//! The C library: its header, its tests, its examples and its installation.

mod examples;
pub mod header;
pub mod install;
mod library;
pub mod test;
