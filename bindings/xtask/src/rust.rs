//! Rust: tests of the core, the emulator and the examples.

use crate::emulator::Emulator;
use crate::shell::{Result, Shell};

pub fn test(shell: &Shell) -> Result {
    shell.cargo("test --workspace --no-fail-fast")?;
    // Code that only the bindings use.
    shell.cargo("test --package scalekit --lib --features ffi")?;
    crate::soak::test(shell)?;
    crate::models::run(shell)?;
    let emulator = Emulator::start(shell)?;
    let mut quickstart = shell.command(env!("CARGO"));
    quickstart.args(["run", "--quiet", "--example", "quickstart"]);
    shell.run(emulator.configure(&mut quickstart))
}
