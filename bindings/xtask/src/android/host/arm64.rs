//! Python for ARM64, in QEMU: Debian's, in the chroot that has QEMU. Child processes that are programs of this machine, such
//! as the emulator of the service, run without QEMU.

use std::path::{Path, PathBuf};
use std::process::Command;

use super::stand_ins::SOURCES;
use crate::chroot::Chroot;
use crate::files;
use crate::python::venv::Venv;
use crate::shell::{Result, Shell};
use crate::systems;

/// A script that starts the interpreter, from the files in a folder that a variable names.
const INTERPRETER: &str = "python-arm64";
const ROOT: &str = "SCALEKIT_ANDROID_ROOT";

/// The option for pytest that leaves out a test that starts twenty interpreters, which takes minutes in QEMU.
const OPTIONS: &str = "PYTEST_ADDOPTS=--deselect=tests/test_callbacks.py::test_program_can_exit_during_calls";

/// The folder of pytest.
const MODULES: &str = "target/android/python-arm64";

pub struct Python {
    /// The system with QEMU.
    chroot: Chroot,
    /// The folder of the system with Python.
    root: PathBuf,
    modules: PathBuf,
}

impl Python {
    /// Unpacks Debian's files, and installs pytest.
    pub fn install(shell: &Shell) -> Result<Self> {
        let (chroot, root) = (systems::debian(shell)?, systems::debian_arm64(shell)?);
        let modules = shell.root.join(MODULES);
        files::recreate(&modules)?;
        Venv::bare(shell)?.install_for(shell, "manylinux_2_17_aarch64", "pytest", &modules)?;
        Ok(Self { chroot, root, modules })
    }

    /// The folder of the modules that are not part of Python.
    pub fn modules(&self) -> &Path {
        &self.modules
    }

    /// The interpreter in a folder of the repository, with these variables.
    pub fn command(&self, shell: &Shell, folder: &str, variables: &[(&str, PathBuf)]) -> Command {
        // The chroot passes on only some variables.
        let mut command = self.chroot.command(shell, "env");
        command.arg("--chdir").arg(folder).arg(OPTIONS);
        for (name, value) in variables.iter().chain([&(ROOT, self.root.clone())]) {
            command.arg(format!("{name}={}", value.display()));
        }
        command.arg(shell.root.join(SOURCES).join(INTERPRETER));
        command
    }
}
