//! Runs the Python quickstart.

use crate::emulator::Emulator;
use crate::python::package::QUICKSTART;
use crate::python::venv::Venv;
use crate::shell::{Result, Shell};

pub fn run(shell: &Shell, venv: &Venv, emulator: &Emulator) -> Result {
    eprintln!("\nRunning {QUICKSTART} against the emulator:\n");
    let status = emulator.configure(venv.python(shell).arg(QUICKSTART)).status()?;
    if status.success() { Ok(()) } else { Err(format!("the quickstart failed ({status})").into()) }
}
