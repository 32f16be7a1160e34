//! The C interface, `include/scalekit/scalekit.h`. It has no logic of its own: `scalekit_core::dispatch` makes the calls.
//!
//! Every function checks its pointers, and catches panics unless it only reads a field of a result. The documentation of
//! its items is that of the header.

#![allow(non_camel_case_types, reason = "types have the names that C sees")]

mod client;
mod input;
mod log;
mod pager;
mod pending;
mod result;
#[cfg(test)]
mod tests;
mod version;
mod webhook;

pub use client::*;
pub use log::*;
pub use pager::*;
pub use pending::*;
pub use result::*;
pub use version::*;
pub use webhook::*;
