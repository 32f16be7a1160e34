//! Python environments: `.venv` at the root of the repository, and those of the benchmark.

use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use crate::shell::{Missing, Result, Shell};

/// The packages that tests and gates use, with their versions.
pub const TOOLS: &str = "bindings/python/requirements.txt";

/// The environment of tests and gates.
const FOLDER: &str = ".venv";

/// The environment of the benchmark with the package and those that it is compared with.
pub const BENCH: &str = "target/bench/python";

/// The environment of the benchmark with the official SDK.
pub const BENCH_OFFICIAL: &str = "target/bench/official";

/// The Python programs of the benchmark, and the requirements of its environments.
pub const BENCH_SCRIPTS: &str = "tests/bench/python";

const PROBE: &str = "import sys; print('%d.%d' % sys.version_info[:2]); sys.exit(sys.version_info < (3, 10))";

/// An environment with Python 3.10 or newer, and pip.
pub struct Venv {
    python: PathBuf,
}

impl Venv {
    /// The environment of tests and gates, created if missing.
    pub fn bare(shell: &Shell) -> Result<Self> {
        Self::at(shell, FOLDER)
    }

    /// The environment in a folder, created if missing.
    fn at(shell: &Shell, folder: &str) -> Result<Self> {
        let inside = if cfg!(windows) { "Scripts/python.exe" } else { "bin/python" };
        let venv = Self { python: shell.root.join(folder).join(inside) };
        if !venv.has_pip(shell) {
            create(shell, folder)?;
        }
        Ok(venv)
    }

    /// The environment of tests and gates, with all their packages.
    pub fn with_tools(shell: &Shell) -> Result<Self> {
        let venv = Self::bare(shell)?;
        venv.install_all(shell, TOOLS)?;
        Ok(venv)
    }

    /// The environment of the benchmark, with the package from a wheel.
    pub fn for_bench(shell: &Shell, wheel: &Path) -> Result<Self> {
        let venv = Self::at(shell, BENCH)?;
        venv.install_all(shell, &format!("{BENCH_SCRIPTS}/requirements.txt"))?;
        venv.install_wheel(shell, wheel)?;
        Ok(venv)
    }

    /// The environment of the benchmark with the official SDK.
    pub fn for_official_sdk(shell: &Shell) -> Result<Self> {
        let venv = Self::at(shell, BENCH_OFFICIAL)?;
        venv.install_all(shell, &format!("{BENCH_SCRIPTS}/official.txt"))?;
        Ok(venv)
    }

    /// A program that a package installs.
    pub fn program(&self, shell: &Shell, name: &str) -> Command {
        shell.command(self.python.with_file_name(format!("{name}{}", std::env::consts::EXE_SUFFIX)))
    }

    /// Installs the packages of a requirements file.
    pub fn install_all(&self, shell: &Shell, requirements: &str) -> Result {
        shell.run(self.pip(shell).args(["install", "--requirement", requirements]))
    }

    /// Installs a package without its dependencies into a folder, from which no program of the environment loads it.
    pub fn install_into(&self, shell: &Shell, package: &str, folder: &Path) -> Result {
        shell.run(self.pip(shell).args(["install", "--no-deps", package, "--target"]).arg(folder))
    }

    /// Installs one of the packages that tests and gates use, and its dependencies, into a folder for the interpreter of
    /// another platform.
    pub fn install_for(&self, shell: &Shell, platform: &str, tool: &str, folder: &Path) -> Result {
        let mut install = self.pip(shell);
        install.args(["install", tool, "--constraint", TOOLS, "--only-binary=:all:"]);
        shell.run(install.args(["--platform", platform, "--target"]).arg(folder))
    }

    /// Installs one of the packages that tests and gates use.
    pub fn install_tool(&self, shell: &Shell, tool: &str) -> Result {
        shell.run(self.pip(shell).args(["install", tool, "--constraint", TOOLS]))
    }

    /// Installs a wheel from a file, even if another build of the same version is installed.
    pub fn install_wheel(&self, shell: &Shell, wheel: &Path) -> Result {
        shell
            .run(self.pip(shell).args(["install", "--force-reinstall", "--no-deps", "--no-index"]).arg(wheel))
    }

    /// The path of the interpreter.
    pub fn path(&self) -> &Path {
        &self.python
    }

    /// The interpreter, at the root of the repository.
    pub fn python(&self, shell: &Shell) -> Command {
        shell.command(&self.python)
    }

    /// A module of the environment, as a program.
    pub fn module(&self, shell: &Shell, module: &str) -> Command {
        let mut command = self.python(shell);
        command.args(["-m", module]);
        command
    }

    fn pip(&self, shell: &Shell) -> Command {
        let mut pip = self.module(shell, "pip");
        pip.args(["--disable-pip-version-check", "--quiet"]);
        pip
    }

    fn has_pip(&self, shell: &Shell) -> bool {
        let mut pip = self.pip(shell);
        let probe = pip.arg("--version").stdout(Stdio::null()).stderr(Stdio::null()).status();
        probe.is_ok_and(|status| status.success())
    }
}

fn create(shell: &Shell, folder: &str) -> Result {
    let python = std::env::var_os("PYTHON").unwrap_or_else(|| "python3".into());
    let probe = shell.command(&python).args(["-c", PROBE]).stderr(Stdio::null()).output();
    let name = python.to_string_lossy();
    let Ok(probe) = probe else {
        return Err(Missing(format!(
            "{name} is not installed (Python 3.10 or newer; PYTHON names another one)"
        ))
        .into());
    };
    if !probe.status.success() {
        let version = String::from_utf8_lossy(&probe.stdout);
        let found = format!("{name} is Python {}", version.trim());
        return Err(Missing(format!("{found}; 3.10 or newer is required (PYTHON names another one)")).into());
    }
    let created = shell.run(shell.command(&python).args(["-m", "venv", "--clear", folder]));
    created.map_err(|error| {
        let advice = "on Debian and Ubuntu, `apt-get install python3-venv` installs it";
        Missing(format!("{name} cannot create an environment with pip: {advice} ({error})")).into()
    })
}
