//! Runs the library for x86-64 in an ordinary process of Linux: the tests of the Python package call it, with the network
//! and the emulator of the service.
//!
//! A few libraries take the place of Android's. They translate what glibc does differently.

use std::path::Path;

use super::abi::{Abi, LIBRARY};
use super::library;
use super::unversion;
use crate::emulator;
use crate::files;
use crate::python::generate;
use crate::python::venv::Venv;
use crate::shell::{Missing, Result, Shell};

/// The sources of the libraries.
const SOURCES: &str = "bindings/android/tests/host";

const FOLDER: &str = "target/android/host";

/// The tests that the library for Android runs: all operations, styles of calls, logins, tokens, webhooks and faults.
const TESTS: [&str; 9] = [
    "tests/test_scenarios.py",
    "tests/test_async.py",
    "tests/test_callbacks.py",
    "tests/test_errors.py",
    "tests/test_faults.py",
    "tests/test_login.py",
    "tests/test_pages.py",
    "tests/test_token_vectors.py",
    "tests/test_webhook_vectors.py",
];

/// Fails unless these tests pass with the library that ships.
pub fn check(shell: &Shell) -> Result {
    if !cfg!(all(target_os = "linux", target_arch = "x86_64", target_env = "gnu")) {
        return Err(Missing("the library for x86-64 runs on Linux with glibc only".into()).into());
    }
    let venv = Venv::with_tools(shell)?;
    let folder = shell.root.join(FOLDER);
    files::recreate(&folder)?;
    let package = package(shell, &folder)?;
    stand_ins(shell, &folder.join("lib"))?;
    let mut tests = venv.module(shell, "pytest");
    tests
        .args(["--quiet", "-p", "no:cacheprovider"])
        .args(TESTS)
        .current_dir(shell.root.join("bindings/python"));
    tests.env("PYTHONPATH", &folder).env("LD_LIBRARY_PATH", folder.join("lib"));
    tests.env("SCALEKIT_ANDROID_LIBRARY", package.join("_native").join(LIBRARY));
    tests
        .env("SCALEKIT_EMULATOR", emulator::program(shell)?)
        .env("SCALEKIT_FAULTS", emulator::faults(shell)?);
    shell.run(&mut tests)
}

/// The Python package with the library for Android, without its symbol versions.
fn package(shell: &Shell, folder: &Path) -> Result<std::path::PathBuf> {
    let package = folder.join("scalekit_rs");
    copy_python(&shell.root.join(generate::SOURCES), &package)?;
    let shipped = library::path(shell, Abi::named("x86_64")?);
    let bytes = std::fs::read(&shipped).map_err(|e| format!("{}: {e}", shipped.display()))?;
    std::fs::create_dir_all(package.join("_native"))?;
    std::fs::write(package.join("_native").join(LIBRARY), unversion::unversioned(&bytes)?)?;
    std::fs::copy(shell.root.join(SOURCES).join("sitecustomize.py"), folder.join("sitecustomize.py"))?;
    Ok(package)
}

/// Copies the modules of a package.
fn copy_python(from: &Path, to: &Path) -> Result {
    std::fs::create_dir_all(to)?;
    for entry in std::fs::read_dir(from)? {
        let path = entry?.path();
        let name = path.file_name().ok_or("an entry has no name")?;
        if path.is_dir() {
            if name != "_native" && name != "__pycache__" {
                copy_python(&path, &to.join(name))?;
            }
        } else {
            std::fs::copy(&path, to.join(name))?;
        }
    }
    Ok(())
}

/// Compiles the libraries that take the place of Android's.
fn stand_ins(shell: &Shell, to: &Path) -> Result {
    shell.require("gcc", "it compiles the libraries that take the place of Android's")?;
    std::fs::create_dir_all(to)?;
    for (name, links) in [("libc", &["-ldl"][..]), ("liblog", &[]), ("libdl", &["-ldl"]), ("libm", &["-lm"])]
    {
        let source = shell.root.join(SOURCES).join(format!("{name}.c"));
        let mut compile = shell.command("gcc");
        compile
            .args(["-shared", "-fPIC", "-O1", "-Wall", "-Werror", "-o"])
            .arg(to.join(format!("{name}.so")));
        if source.exists() {
            compile.arg(source);
        } else {
            // Nothing differs: the library only requires that of glibc.
            compile.args(["-x", "c", "/dev/null"]);
        }
        shell.run(compile.arg("-Wl,--no-as-needed").args(links))?;
    }
    Ok(())
}
