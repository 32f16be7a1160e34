//! `make demo`: installs the Python package into `.venv`, and runs the quickstart against the emulator.
//!
//! At a terminal, the emulator and a login keep running. Before this program is built, `requirements.sh` checks that
//! everything it needs is installed.

mod programs;
mod quickstart;
#[cfg(all(test, unix))]
mod requirements;
mod tour;

use crate::emulator::Emulator;
use crate::python::package::{self, FOLDER};
use crate::python::venv::Venv;
use crate::shell::{Result, Shell};

pub fn run(shell: &Shell) -> Result {
    eprintln!("Building the emulator and the Python package. The first time takes a few minutes.");
    let venv = Venv::bare(shell)?;
    venv.install_tool(shell, "maturin")?;
    package::install(shell, &venv)?;
    if tour::is_wanted(shell) {
        return tour::start(shell, &venv);
    }
    quickstart::run(shell, &venv, &Emulator::start(shell)?)?;
    eprintln!("\nNext: the package is installed in .venv, and {FOLDER}/README.md is its guide.");
    eprintln!("`cargo run --package scalekit-emulator` starts an emulator for your own programs.");
    Ok(())
}

/// Stops what a demo has left running.
pub fn stop(shell: &Shell) -> Result {
    match programs::stop(shell)?.join(", ").as_str() {
        "" => println!("nothing is running"),
        names => println!("stopped: {names}"),
    }
    Ok(())
}
