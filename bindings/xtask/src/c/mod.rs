//! The C library: its header, its tests, its examples and its installation.

pub mod abi;
mod examples;
pub mod header;
pub mod install;
pub mod library;
pub mod test;

pub use test::bench_program;

use crate::build;
use crate::shell::{Result, Shell};

/// The calls of the library, with the names and types of their JSON.
pub fn listing(shell: &Shell) -> Result<String> {
    let library = build::library(shell)?;
    let mut list = shell.command(build::generator(shell)?);
    Ok(shell.output(list.args(["c-listing", "--library"]).arg(library))? + "\n")
}
