//! Python: runs the tests, gates and examples of the package.

pub mod emulator_package;
pub mod generate;
pub mod interpreters;
pub mod isolated;
pub mod package;
pub mod reproduce;
pub mod venv;
pub mod wheels;

use std::path::Path;

use crate::build;
use crate::emulator::{self, Emulator};
use crate::files;
use crate::shell::{Result, Shell};
use package::{FOLDER, QUICKSTART};
use venv::{BENCH_SCRIPTS, Venv};

/// Builds the wheel, installs it into `.venv`, and runs all tests and the quickstart.
pub fn test(shell: &Shell) -> Result {
    let venv = Venv::with_tools(shell)?;
    let (emulator, faults) = (emulator::program(shell)?, emulator::faults(shell)?);
    package::install(shell, &venv)?;
    // First, because the tests of the package start the emulator with it.
    emulator_package::test(shell, &venv)?;
    let mut tests = venv.module(shell, "pytest");
    tests.arg("--quiet").current_dir(shell.root.join(FOLDER));
    tests.env("SCALEKIT_EMULATOR", emulator).env("SCALEKIT_FAULTS", faults);
    // A test compares the package's reader with UniFFI's own.
    tests.env("SCALEKIT_UNIFFI_BINDGEN", build::generator(shell)?);
    shell.run(&mut tests)?;
    let emulator = Emulator::start(shell)?;
    shell.run(emulator.configure(venv.python(shell).args(["-W", "error", QUICKSTART])))
}

/// Checks the format, lints and types of all Python, and that type checkers accept what users write against the installed
/// package.
pub fn check(shell: &Shell) -> Result {
    let venv = Venv::with_tools(shell)?;
    venv.install_all(shell, &format!("{FOLDER}/checkers.txt"))?;
    let wheel = package::build(shell, &venv)?;
    venv.install_wheel(shell, &wheel)?;
    let config = format!("{FOLDER}/pyproject.toml");
    let formatted = [FOLDER, "examples/python", BENCH_SCRIPTS];
    let ruff = |words: &[&str]| {
        let mut ruff = venv.module(shell, "ruff");
        shell.run(ruff.args(words).args(["--config", &config]).args(formatted))
    };
    ruff(&["format", "--check"])?;
    ruff(&["check"])?;
    let mypy = |python: &Path| {
        let mut mypy = venv.module(shell, "mypy");
        mypy.args(["--config-file", &config, "--python-executable"]).arg(python);
        mypy
    };
    shell.run(mypy(venv.path()).arg(generate::SOURCES))?;
    let programs =
        ["tests", "listing.py", "checkers.py", "recompress.py"].map(|name| format!("{FOLDER}/{name}"));
    // This file has errors on purpose, which `checkers.py` expects.
    let except = ["--exclude", "/typed_errors\\.py$"];
    shell.run(mypy(venv.path()).args(except).args(programs).arg("examples/python"))?;
    shell.run(venv.python(shell).arg(format!("{FOLDER}/checkers.py")).arg("target/typing"))?;
    emulator_package::check(shell, &venv)?;
    // The benchmark imports packages that `.venv` does not have.
    let bench = Venv::for_bench(shell, &wheel)?;
    shell.run(mypy(bench.path()).args(files::ending_in(&shell.root.join(BENCH_SCRIPTS), ".py")?))
}

/// The listing of the public API, one line for each name.
pub fn listing(shell: &Shell) -> Result<String> {
    let mut list = Venv::bare(shell)?.python(shell);
    list.arg(format!("{FOLDER}/listing.py")).arg(generate::SOURCES);
    Ok(shell.output(&mut list)? + "\n")
}
