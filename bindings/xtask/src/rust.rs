//! Rust: tests of the core, the emulator and the examples.

use crate::emulator::Emulator;
use crate::report;
use crate::shell::{Result, Shell};

/// Runs all parts, whatever the others return.
pub fn test(shell: &Shell) -> Result {
    report::all(&[
        ("tests", shell.cargo("test --workspace --no-fail-fast")),
        // Code that only the bindings use.
        ("tests of the exports", shell.cargo("test --package scalekit --lib --features ffi")),
        ("soak", crate::soak::test(shell)),
        ("models", crate::models::run(shell)),
        ("quickstart", quickstart(shell)),
    ])
}

fn quickstart(shell: &Shell) -> Result {
    let emulator = Emulator::start(shell)?;
    let mut quickstart = shell.command(env!("CARGO"));
    quickstart.args(["run", "--quiet", "--example", "quickstart"]);
    shell.run(emulator.configure(&mut quickstart))
}
