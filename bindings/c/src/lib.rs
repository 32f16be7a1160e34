//! The C interface, `include/scalekit/scalekit.h`. It has no logic of its own: `scalekit_core::dispatch` makes the calls.
//!
//! Every function checks its pointers and catches panics. The documentation of its items is that of the header.

#![allow(non_camel_case_types, reason = "types have the names that C sees")]

mod client;
mod input;
mod log;
mod pager;
mod pending;
mod result;
mod webhook;

pub use client::*;
pub use log::*;
pub use pager::*;
pub use pending::*;
pub use result::*;
pub use webhook::*;

use std::ffi::c_char;

/// Returns the version of the library, such as "0.1.0". Static: never freed.
#[unsafe(no_mangle)]
pub extern "C" fn scalekit_version() -> *const c_char {
    concat!(env!("CARGO_PKG_VERSION"), "\0").as_ptr().cast()
}
