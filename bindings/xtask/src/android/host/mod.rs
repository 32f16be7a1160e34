//! Runs the 64-bit libraries in an ordinary process of Linux: the tests of the Python package call them, with the network
//! and the emulator of the service.
//!
//! A few libraries take the place of Android's. They translate what glibc does differently. The library for x86-64 runs on
//! this machine, and that for ARM64 in QEMU.

mod arm64;
mod stand_ins;

use std::path::{Path, PathBuf};
use std::process::Command;

use stand_ins::SOURCES;

use super::abi::{Abi, LIBRARY};
use super::library;
use super::unversion;
use crate::emulator;
use crate::files;
use crate::python::generate;
use crate::python::package::FOLDER as PACKAGE;
use crate::python::venv::Venv;
use crate::shell::{Missing, Result, Shell};
use crate::zig::Zig;

const FOLDER: &str = "target/android/host";

/// The tests that the libraries for Android run: all operations, styles of calls, logins, tokens, webhooks and faults.
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

/// Fails unless these tests pass with the library for x86-64 that ships.
pub fn check(shell: &Shell) -> Result {
    require_linux()?;
    let process = Process::prepare(shell, Abi::named("x86_64")?)?;
    let mut python = Venv::with_tools(shell)?.python(shell);
    python.current_dir(shell.root.join(PACKAGE)).envs(process.variables());
    process.test(shell, python, None)
}

/// Fails unless these tests pass with the library for ARM64 that ships, in QEMU.
pub fn check_arm64(shell: &Shell) -> Result {
    require_linux()?;
    let python = arm64::Python::install(shell)?;
    let process = Process::prepare(shell, Abi::named("arm64-v8a")?)?;
    let variables = process.variables();
    process.test(shell, python.command(shell, PACKAGE, &variables), Some(python.modules()))
}

fn require_linux() -> Result {
    if cfg!(all(target_os = "linux", target_arch = "x86_64", target_env = "gnu")) {
        return Ok(());
    }
    Err(Missing("the libraries for Android run on Linux on x86-64 with glibc only".into()).into())
}

/// A folder with all that a process of Python needs to load the library of an ABI.
struct Process(PathBuf);

impl Process {
    /// Fills the folder: the Python package with the library, and the stand-ins for Android's libraries.
    fn prepare(shell: &Shell, abi: &Abi) -> Result<Self> {
        let process = Self(shell.root.join(FOLDER).join(abi.name));
        files::recreate(&process.0)?;
        process.copy_package(shell, abi)?;
        stand_ins::build(shell, &Zig::install(shell)?, abi, &process.libraries())?;
        Ok(process)
    }

    /// Copies the Python package, with the library without its symbol versions.
    fn copy_package(&self, shell: &Shell, abi: &Abi) -> Result {
        copy_python(&shell.root.join(generate::SOURCES), &self.package())?;
        let shipped = library::path(shell, abi);
        let bytes = std::fs::read(&shipped).map_err(|e| format!("{}: {e}", shipped.display()))?;
        std::fs::create_dir_all(self.package().join("_native"))?;
        std::fs::write(self.library(), unversion::unversioned(&bytes)?)?;
        let start = "sitecustomize.py";
        std::fs::copy(shell.root.join(SOURCES).join(start), self.0.join(start))?;
        Ok(())
    }

    fn package(&self) -> PathBuf {
        self.0.join("scalekit_rs")
    }

    fn library(&self) -> PathBuf {
        self.package().join("_native").join(LIBRARY)
    }

    /// The folder of the stand-ins.
    fn libraries(&self) -> PathBuf {
        self.0.join("lib")
    }

    /// The variables by which Python finds the libraries.
    fn variables(&self) -> [(&'static str, PathBuf); 2] {
        [("LD_LIBRARY_PATH", self.libraries()), ("SCALEKIT_ANDROID_LIBRARY", self.library())]
    }

    /// Runs the tests with an interpreter that starts in the folder of the package and has these variables. `modules` is the
    /// folder of pytest, unless the interpreter finds it.
    fn test(&self, shell: &Shell, mut python: Command, modules: Option<&Path>) -> Result {
        python.args(["-m", "pytest", "--quiet", "-p", "no:cacheprovider"]).args(TESTS);
        python.env("PYTHONPATH", std::env::join_paths([Some(&*self.0), modules].into_iter().flatten())?);
        python
            .env("SCALEKIT_EMULATOR", emulator::program(shell)?)
            .env("SCALEKIT_FAULTS", emulator::faults(shell)?);
        shell.run(&mut python)
    }
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
