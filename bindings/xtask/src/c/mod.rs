//! The C library: its header, its tests and its installation.

pub mod header;
