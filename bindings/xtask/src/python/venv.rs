//! Python environments: `.venv` at the top of the repository, and those of the bench.

use std::error::Error;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use crate::shell::{Done, Missing, Shell};

/// What the tests and gates use, each with its version.
const TOOLS: &str = "bindings/python/requirements.txt";

/// Where the environment for tests and gates is.
const USUAL: &str = ".venv";

const PROBE: &str = "import sys; print('%d.%d' % sys.version_info[:2]); sys.exit(sys.version_info < (3, 10))";

/// An environment with a Python that is new enough, and pip.
pub struct Venv {
    python: PathBuf,
}

impl Venv {
    /// The environment, made if it is not there.
    pub fn bare(shell: &Shell) -> Result<Self, Box<dyn Error>> {
        Self::at(shell, USUAL)
    }

    /// The environment in another folder, made if it is not there.
    pub fn at(shell: &Shell, folder: &str) -> Result<Self, Box<dyn Error>> {
        let inside = if cfg!(windows) { "Scripts/python.exe" } else { "bin/python" };
        let venv = Self { python: shell.root.join(folder).join(inside) };
        if !venv.has_pip(shell) {
            make(shell, folder)?;
        }
        Ok(venv)
    }

    /// The environment with everything that tests and gates use.
    pub fn with_tools(shell: &Shell) -> Result<Self, Box<dyn Error>> {
        let venv = Self::bare(shell)?;
        venv.install_all(shell, TOOLS)?;
        Ok(venv)
    }

    /// A program that a package installs.
    pub fn program(&self, shell: &Shell, name: &str) -> Command {
        shell.command(self.python.with_file_name(format!("{name}{}", std::env::consts::EXE_SUFFIX)))
    }

    /// Installs what a file lists.
    pub fn install_all(&self, shell: &Shell, requirements: &str) -> Done {
        shell.run(self.pip(shell).args(["install", "--requirement", requirements]))
    }

    /// Installs one of the tools.
    pub fn install_tool(&self, shell: &Shell, tool: &str) -> Done {
        shell.run(self.pip(shell).args(["install", tool, "--constraint", TOOLS]))
    }

    /// Installs a wheel from a file, in place of another build of the same version.
    pub fn install_wheel(&self, shell: &Shell, wheel: &Path) -> Done {
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

fn make(shell: &Shell, folder: &str) -> Done {
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
        return Err(Missing(format!("{found}; 3.10 or newer is needed (PYTHON names another one)")).into());
    }
    let made = shell.run(shell.command(&python).args(["-m", "venv", "--clear", folder]));
    made.map_err(|error| {
        let advice = "on Debian and Ubuntu, `apt-get install python3-venv` brings what is missing";
        Missing(format!("{name} cannot make an environment with pip: {advice} ({error})")).into()
    })
}
