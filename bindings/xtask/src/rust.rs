//! Rust: the core, the emulator, the examples.

use crate::emulator::Emulator;
use crate::shell::{Done, Shell};

pub fn test(shell: &Shell) -> Done {
    shell.cargo("test --workspace --no-fail-fast")?;
    // What only the bindings use is compiled and tested too.
    shell.cargo("test --package scalekit --lib --features ffi")?;
    crate::soak::test(shell)?;
    crate::models::run(shell)?;
    let emulator = Emulator::start(shell)?;
    shell.run(emulator.tell(shell.command(env!("CARGO")).args(["run", "--quiet", "--example", "quickstart"])))
}
