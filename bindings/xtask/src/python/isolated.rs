//! `cargo xtask try`: uses a wheel in isolation, with a Python interpreter but without compiler, sources and other packages.

use std::ffi::OsStr;
use std::path::{Path, PathBuf};
use std::process::Command;

use super::package::QUICKSTART;
use crate::emulator::Emulator;
use crate::shell::{Result, Shell};

/// For each Python, installs the wheel into a new environment outside of the repository and runs the quickstart there.
pub fn run(shell: &Shell, wheel: &str, pythons: &[&str]) -> Result {
    let wheel = shell.root.join(wheel);
    let emulator = Emulator::start(shell)?;
    let default = std::env::var("PYTHON").unwrap_or_else(|_| "python3".to_owned());
    let pythons = if pythons.is_empty() { &[default.as_str()] } else { pythons };
    for python in pythons {
        let folder = std::env::temp_dir().join(format!("scalekit-clean-{}", std::process::id()));
        std::fs::create_dir_all(&folder)?;
        let interpreter = absolute_path(shell, python);
        let result = interpreter.and_then(|python| try_wheel(shell, &emulator, &wheel, &python, &folder));
        std::fs::remove_dir_all(&folder)?;
        result.map_err(|error| format!("{python}: {error}"))?;
        println!("{python}: installed and used");
    }
    Ok(())
}

/// The path of an interpreter, since the isolated commands have no search path.
fn absolute_path(shell: &Shell, python: &str) -> Result<String> {
    shell.output(shell.command(python).args(["-c", "import sys; print(sys.executable)"]))
}

fn try_wheel(shell: &Shell, emulator: &Emulator, wheel: &Path, python: &str, folder: &Path) -> Result {
    let environment = folder.join("environment");
    shell.run(isolated(python, folder).args(["-m", "venv"]).arg(&environment))?;
    let python = environment.join(if cfg!(windows) { "Scripts/python.exe" } else { "bin/python" });
    let mut install = isolated(&python, folder);
    let words = "-m pip --quiet --disable-pip-version-check install --no-index --no-deps --only-binary=:all:";
    shell.run(install.args(words.split(' ')).arg(wheel))?;
    let program = copy_quickstart(shell, folder)?;
    shell.run(emulator.configure(isolated(&python, folder).args(["-W", "error"]).arg(program)))
}

/// A command without the environment variables of this process, with an empty search path, in another folder.
fn isolated(program: impl AsRef<OsStr>, folder: &Path) -> Command {
    let mut command = Command::new(program);
    command.env_clear().env("HOME", folder).env("PATH", folder.join("nothing")).current_dir(folder);
    // Windows requires it to start a program.
    command.envs(std::env::var_os("SystemRoot").map(|root| ("SystemRoot", root)));
    command
}

fn copy_quickstart(shell: &Shell, folder: &Path) -> Result<PathBuf> {
    let program = folder.join("quickstart.py");
    std::fs::copy(shell.root.join(QUICKSTART), &program)?;
    Ok(program)
}
