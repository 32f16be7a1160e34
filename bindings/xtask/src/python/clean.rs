//! `cargo xtask try`: a wheel as a stranger has it. No compiler, no sources, no other package: a Python and the file.

use std::error::Error;
use std::path::{Path, PathBuf};
use std::process::Command;

use super::QUICKSTART;
use crate::emulator::Emulator;
use crate::shell::{Done, Shell};

/// Installs the wheel into a new environment of each Python, far from the sources, and runs the quickstart there.
pub fn run(shell: &Shell, wheel: &str, pythons: &[&str]) -> Done {
    let wheel = shell.root.join(wheel);
    let emulator = Emulator::start(shell)?;
    let usual = std::env::var("PYTHON").unwrap_or_else(|_| "python3".to_owned());
    let pythons = if pythons.is_empty() { &[usual.as_str()] } else { pythons };
    for python in pythons {
        let place = std::env::temp_dir().join(format!("scalekit-clean-{}", std::process::id()));
        std::fs::create_dir_all(&place)?;
        let outcome = found(shell, python).and_then(|python| once(shell, &emulator, &wheel, &python, &place));
        std::fs::remove_dir_all(&place)?;
        outcome.map_err(|error| format!("{python}: {error}"))?;
        println!("{python}: installed and used");
    }
    Ok(())
}

/// Where a Python is, since nothing is searched for from there on.
fn found(shell: &Shell, python: &str) -> Result<String, Box<dyn Error>> {
    shell.output(shell.command(python).args(["-c", "import sys; print(sys.executable)"]))
}

fn once(shell: &Shell, emulator: &Emulator, wheel: &Path, python: &str, place: &Path) -> Done {
    let environment = place.join("environment");
    shell.run(alone(python, place).args(["-m", "venv"]).arg(&environment))?;
    let python = environment.join(if cfg!(windows) { "Scripts/python.exe" } else { "bin/python" });
    let mut install = alone(&python, place);
    install.args([
        "-m",
        "pip",
        "--quiet",
        "--disable-pip-version-check",
        "install",
        "--no-index",
        "--no-deps",
    ]);
    shell.run(install.arg("--only-binary=:all:").arg(wheel))?;
    let program = copied(shell, place)?;
    shell.run(emulator.tell(alone(&python, place).args(["-W", "error"]).arg(program)))
}

/// A program that gets nothing from this one: no search path for others, no variables, another folder.
fn alone(program: impl AsRef<std::ffi::OsStr>, place: &Path) -> Command {
    let mut command = Command::new(program);
    command.env_clear().env("HOME", place).env("PATH", place.join("nothing")).current_dir(place);
    // Windows does not start a program without it.
    command.envs(std::env::var_os("SystemRoot").map(|root| ("SystemRoot", root)));
    command
}

fn copied(shell: &Shell, place: &Path) -> Result<PathBuf, Box<dyn Error>> {
    let program = place.join("quickstart.py");
    std::fs::copy(shell.root.join(QUICKSTART), &program)?;
    Ok(program)
}
