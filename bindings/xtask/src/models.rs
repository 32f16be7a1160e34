//! `cargo xtask models`: model checking of the caches, in every order of events (`core/src/models`).

use std::path::PathBuf;

use serde_json::Value;

use crate::shell::{Result, Shell};

/// Compiles the core with the locks of the model checker in place of the system's. The flag applies to this crate only:
/// its dependencies need no rebuild.
const MODEL_LOCKS: [&str; 3] = ["--", "--cfg", "shuttle"];

pub fn run(shell: &Shell) -> Result {
    // A failure prints the schedule to replay, which says more than a backtrace of the checker.
    shell.run(shell.command(program(shell)?).arg("models::").env("RUST_BACKTRACE", "0"))
}

/// Builds the unit tests of the core, and returns the path of the program.
fn program(shell: &Shell) -> Result<PathBuf> {
    let mut build = shell.command(env!("CARGO"));
    build.args(["rustc", "--package", "scalekit", "--lib", "--profile", "test"]);
    build.arg("--message-format=json-render-diagnostics").args(MODEL_LOCKS);
    let output = shell.output(&mut build)?;
    let messages = output.lines().filter_map(|line| serde_json::from_str::<Value>(line).ok());
    let mut programs = messages.filter_map(|message| Some(message["executable"].as_str()?.into()));
    programs.next_back().ok_or_else(|| "cargo reported no program".into())
}

/// Lints the code that only the model checker compiles.
pub fn lints(shell: &Shell) -> Result {
    let mut clippy = shell.command(env!("CARGO"));
    clippy.args(["clippy", "--package", "scalekit", "--lib", "--profile", "test"]).args(MODEL_LOCKS);
    shell.run(clippy.args(["-D", "warnings"]))
}
