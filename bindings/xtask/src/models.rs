//! `cargo xtask models`: what the caches promise, in every order of events (`core/src/models`).

use std::error::Error;
use std::path::PathBuf;

use serde_json::Value;

use crate::shell::{Done, Shell};

/// What the tests of the core are built with, for the model checker's locks to take the place of the system's. It is
/// said for this one crate: all that it depends on stays as it was built.
const LOCKS: [&str; 3] = ["--", "--cfg", "shuttle"];

pub fn run(shell: &Shell) -> Done {
    // A place to go on from counts for more than where the checker itself was.
    shell.run(shell.command(program(shell)?).arg("models::").env("RUST_BACKTRACE", "0"))
}

/// Builds the tests of the core.
fn program(shell: &Shell) -> Result<PathBuf, Box<dyn Error>> {
    let mut build = shell.command(env!("CARGO"));
    build.args(["rustc", "--package", "scalekit", "--lib", "--profile", "test"]);
    build.arg("--message-format=json-render-diagnostics").args(LOCKS);
    let told = shell.output(&mut build)?;
    let lines = told.lines().filter_map(|line| serde_json::from_str::<Value>(line).ok());
    let mut programs = lines.filter_map(|told| Some(told["executable"].as_str()?.into()));
    programs.next_back().ok_or_else(|| "cargo told of no program".into())
}

/// Lints what only the model checker sees.
pub fn lints(shell: &Shell) -> Done {
    let mut clippy = shell.command(env!("CARGO"));
    clippy.args(["clippy", "--package", "scalekit", "--lib", "--profile", "test"]).args(LOCKS);
    shell.run(clippy.args(["-D", "warnings"]))
}
