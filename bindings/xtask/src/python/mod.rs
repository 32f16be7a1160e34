//! Python: the wheel, its tests, its gates, and the demo.

pub mod clean;
pub mod reproduce;
pub mod venv;
pub mod wheels;

use std::error::Error;
use std::path::{Path, PathBuf};

use crate::build;
use crate::emulator::{self, Emulator};
use crate::shell::{Done, Shell};
use venv::Venv;

const FOLDER: &str = "bindings/python";
const BENCH: &str = "tests/bench/python";
const QUICKSTART: &str = "examples/python/quickstart.py";

/// Builds the wheel, installs it into `.venv`, and runs every test on it.
pub fn test(shell: &Shell) -> Done {
    let venv = Venv::with_tools(shell)?;
    let (emulator, faults) = (emulator::program(shell)?, emulator::faults(shell)?);
    install(shell, &venv)?;
    let mut tests = venv.module(shell, "pytest");
    tests.arg("--quiet").current_dir(shell.root.join(FOLDER));
    tests.env("SCALEKIT_EMULATOR", emulator).env("SCALEKIT_FAULTS", faults);
    shell.run(&mut tests)?;
    let emulator = Emulator::start(shell)?;
    shell.run(emulator.tell(venv.python(shell).args(["-W", "error", QUICKSTART])))
}

/// Format, lints and types of all that is written by hand, against the package as its users get it.
pub fn check(shell: &Shell) -> Done {
    let venv = Venv::with_tools(shell)?;
    let wheel = built(shell, &venv)?;
    venv.install_wheel(shell, &wheel)?;
    let config = format!("{FOLDER}/pyproject.toml");
    let ours = [FOLDER, "examples/python", BENCH, "bindings/uniffi-bindgen/src/python"];
    shell.run(venv.module(shell, "ruff").args(["format", "--check", "--config", &config]).args(ours))?;
    shell.run(venv.module(shell, "ruff").args(["check", "--config", &config]).args(ours))?;
    let typed = [&format!("{FOLDER}/tests"), &format!("{FOLDER}/listing.py"), "examples/python"];
    let mypy = |python: &Path| {
        let mut mypy = venv.module(shell, "mypy");
        mypy.args(["--config-file", &config, "--python-executable"]).arg(python);
        mypy
    };
    shell.run(mypy(venv.path()).args(typed))?;
    // The bench compares with packages that nothing else here needs.
    shell.run(
        mypy(&crate::bench::python_environment(shell, &wheel)?).args(found(&shell.root.join(BENCH), ".py")?),
    )
}

/// The public surface, one line a name.
pub fn listing(shell: &Shell) -> Result<String, Box<dyn Error>> {
    let out = shell.root.join("target/bind/python");
    build::bind(shell, "python", &out)?;
    let mut list = Venv::bare(shell)?.python(shell);
    list.arg(format!("{FOLDER}/listing.py")).arg(out.join("scalekit.py"));
    Ok(shell.output(&mut list)? + "\n")
}

/// From nothing to a program that talks to the emulator.
pub fn demo(shell: &Shell) -> Done {
    eprintln!(
        "This builds the library (some minutes at the first time), installs it into .venv, and runs a program."
    );
    let venv = Venv::bare(shell)?;
    venv.install_tool(shell, "maturin")?;
    install(shell, &venv)?;
    let emulator = Emulator::start(shell)?;
    eprintln!("\nHere is {QUICKSTART}, talking to it:\n");
    let mut quickstart = venv.python(shell);
    quickstart.arg(QUICKSTART);
    let status = emulator.tell(&mut quickstart).status()?;
    if !status.success() {
        return Err(format!("the quickstart failed ({status})").into());
    }
    eprintln!("\nYour turn: the package is in .venv, {FOLDER}/README.md is its guide, and");
    eprintln!("`cargo run --package scalekit-emulator` starts an emulator to write against.");
    Ok(())
}

/// Builds the wheel that ships: the release library without its symbols.
///
/// The symbols hold what the generator reads, so that maturin must not strip: it is done afterwards, in the wheel.
pub fn wheel(shell: &Shell) -> Result<PathBuf, Box<dyn Error>> {
    let venv = Venv::with_tools(shell)?;
    let (whole, out) = (shell.root.join("target/wheels/whole"), shell.root.join("target/package"));
    let built = maturin(shell, &venv, &whole)?;
    let open = shell.root.join("target/wheels/open");
    emptied(&open)?;
    shell.run(venv.module(shell, "wheel").arg("unpack").arg(built).arg("--dest").arg(&open))?;
    let folder = only(&open, "")?;
    let library = folder.join("scalekit_rs/_native").join(build::library_name());
    let copy = open.join(build::library_name());
    build::stripped(shell, &library, &copy)?;
    std::fs::rename(copy, library)?;
    let bill = crate::sbom::write(shell, &crate::dist::host(shell)?)?;
    carry(&folder, &bill)?;
    for old in found(&out, ".whl")? {
        std::fs::remove_file(old)?;
    }
    shell.run(venv.module(shell, "wheel").arg("pack").arg(folder).arg("--dest-dir").arg(&out))?;
    only(&out, ".whl")
}

/// Puts the bill of materials where installers keep it (PEP 770).
fn carry(wheel: &Path, bill: &Path) -> Done {
    let information = found(wheel, ".dist-info")?;
    let bills = information.first().ok_or("the wheel says nothing of itself")?.join("sboms");
    std::fs::create_dir_all(&bills)?;
    std::fs::copy(bill, bills.join("scalekit_ffi.cdx.json"))?;
    Ok(())
}

/// Builds the wheel of this profile, and puts it into the environment in place of any other.
fn install(shell: &Shell, venv: &Venv) -> Done {
    venv.install_wheel(shell, &built(shell, venv)?)
}

/// The wheel of this profile.
fn built(shell: &Shell, venv: &Venv) -> Result<PathBuf, Box<dyn Error>> {
    maturin(shell, venv, &shell.root.join("target/wheels").join(build::profile_name(shell)))
}

fn maturin(shell: &Shell, venv: &Venv, out: &Path) -> Result<PathBuf, Box<dyn Error>> {
    emptied(out)?;
    let mut build = venv.module(shell, "maturin");
    build.args(["build", "--quiet", "--profile", build::profile_name(shell), "--out"]).arg(out);
    // Python is only asked for its version: the library does not depend on it.
    shell.run(build.arg("--interpreter").arg(venv.path()).current_dir(shell.root.join(FOLDER)))?;
    only(out, ".whl")
}

fn emptied(folder: &Path) -> Done {
    if folder.exists() {
        std::fs::remove_dir_all(folder)?;
    }
    Ok(std::fs::create_dir_all(folder)?)
}

/// The one file in `folder` whose name ends in `ending`.
fn only(folder: &Path, ending: &str) -> Result<PathBuf, Box<dyn Error>> {
    let mut found = found(folder, ending)?;
    match (found.pop(), found.is_empty()) {
        (Some(one), true) => Ok(one),
        _ => Err(format!("{} must hold one file: *{ending}", folder.display()).into()),
    }
}

fn found(folder: &Path, ending: &str) -> Result<Vec<PathBuf>, Box<dyn Error>> {
    std::fs::create_dir_all(folder)?;
    let paths = std::fs::read_dir(folder)?.map(|entry| entry.map(|entry| entry.path()));
    let paths: Vec<_> = paths.collect::<Result<_, _>>()?;
    Ok(paths.into_iter().filter(|path| path.to_string_lossy().ends_with(ending)).collect())
}
