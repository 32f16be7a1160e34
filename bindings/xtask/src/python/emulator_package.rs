//! The wheel `scalekit-emulator`: the emulator's program, and fixtures for pytest.

use std::path::{Path, PathBuf};

use goblin::elf::Elf;

use super::venv::Venv;
use super::wheels::{self, Project};
use crate::container;
use crate::dist::{self, Platform};
use crate::files;
use crate::shell::{Missing, Result, Shell};

/// The Python package.
pub const FOLDER: &str = "bindings/emulator/python";

/// How it is built to publish.
const PROJECT: Project = Project { folder: FOLDER, profile: "emulator", codegen: "strip=symbols" };

/// The folder of the wheels and programs to publish.
const OUT: &str = "target/package/emulator";

/// Builds the wheel, installs it, and runs its tests. Those of the clients need the package `scalekit-rs`.
pub fn test(shell: &Shell, venv: &Venv) -> Result {
    let out = shell.root.join("target/wheels/emulator");
    files::recreate(&out)?;
    let mut build = venv.module(shell, "maturin");
    // The profile of `emulator::program`, whose dependencies are compiled already.
    build.args(["build", "--quiet", "--profile", "dev", "--out"]).arg(&out);
    shell.run(build.current_dir(shell.root.join(FOLDER)))?;
    venv.install_wheel(shell, &files::single(&out, ".whl")?)?;
    shell.run(venv.module(shell, "pytest").arg("--quiet").current_dir(shell.root.join(FOLDER)))
}

/// Checks its format, lints and types.
pub fn check(shell: &Shell, venv: &Venv) -> Result {
    let config = format!("{FOLDER}/pyproject.toml");
    for words in [&["format", "--check"] as &[&str], &["check"]] {
        let mut ruff = venv.module(shell, "ruff");
        shell.run(ruff.args(words).args(["--config", &config, FOLDER]))?;
    }
    let mut mypy = venv.module(shell, "mypy");
    mypy.args(["--config-file", &config]);
    shell.run(mypy.args(["src", "tests"].map(|name| format!("{FOLDER}/{name}"))))
}

/// Builds the wheels and the programs to publish, for these Rust targets, or for that of this machine.
pub fn publish(shell: &Shell, targets: &[&str]) -> Result {
    let mut platforms = targets.iter().map(|name| Platform::named(name)).collect::<Result<Vec<_>>>()?;
    if platforms.is_empty() {
        platforms.push(Platform::host(shell)?);
    }
    for platform in platforms {
        for path in publish_one(shell, platform)? {
            let size = std::fs::metadata(&path)?.len();
            println!("{size:>10} bytes  {}", path.strip_prefix(&shell.root).unwrap_or(&path).display());
        }
    }
    Ok(())
}

/// Returns the paths of the wheel and of the program, which are for the same platform.
fn publish_one(shell: &Shell, platform: &Platform) -> Result<[PathBuf; 2]> {
    let venv = wheels::tools(shell)?;
    let work = shell.root.join(dist::FOLDER).join("emulator").join(platform.target);
    let built = wheels::compile(shell, &venv, platform, &PROJECT, &work.join("whole"))?;
    let folder = wheels::unpack(shell, &venv, &built, &work.join("open"))?;
    let scripts = files::single(&folder, ".data")?.join("scripts");
    let extension = if platform.target.contains("windows") { ".exe" } else { "" };
    let program = scripts.join(format!("scalekit-emulator{extension}"));
    if platform.target.ends_with("musl") {
        check_static(&program)?;
    }
    let out = shell.root.join(OUT);
    std::fs::create_dir_all(&out)?;
    let wheel = out.join(built.file_name().ok_or("the wheel has no name")?);
    std::fs::copy(built, &wheel)?;
    let named = out.join(format!("scalekit-emulator-{}{extension}", platform.target));
    std::fs::copy(program, &named)?;
    let is_container = platform.target == format!("{}-unknown-linux-musl", std::env::consts::ARCH);
    if is_container && cfg!(target_os = "linux") {
        run_in_container(shell, &named)?;
    }
    Ok([wheel, named])
}

/// Reports if this is not possible: the workflow of the release has a container engine.
fn run_in_container(shell: &Shell, program: &Path) -> Result {
    match container::check(shell, program) {
        Err(error) if error.is::<Missing>() => {
            eprintln!("NOT RUN: the program without other files: {error}");
            Ok(())
        }
        result => result,
    }
}

/// A program that needs an interpreter or a library does not run in a container without files.
fn check_static(program: &Path) -> Result {
    let bytes = std::fs::read(program)?;
    let elf = Elf::parse(&bytes)?;
    match elf.interpreter.map(str::to_owned).or_else(|| elf.libraries.first().map(|name| (*name).to_owned()))
    {
        None => Ok(()),
        Some(needed) => Err(format!("{} is not static: it needs {needed}", program.display()).into()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn program_that_needs_a_library_is_not_static() {
        // This test program is linked to the C library of the machine.
        if cfg!(target_os = "linux") {
            let error = check_static(&std::env::current_exe().unwrap()).unwrap_err().to_string();
            assert!(error.contains("is not static"), "{error}");
        }
    }
}
