//! zig: a C compiler for every platform, with the C libraries of Linux and the sources of LLVM's runtime libraries.

use std::path::{Path, PathBuf};
use std::process::Command;

use crate::python::venv::Venv;
use crate::python::wheels;
use crate::shell::{Result, Shell};

/// The folder of the scripts by which build systems call zig.
const WRAPPERS: &str = "target/tools/zig";

pub struct Zig {
    venv: Venv,
}

impl Zig {
    /// Installs zig, with the other tools that build wheels.
    pub fn install(shell: &Shell) -> Result<Self> {
        Ok(Self { venv: wheels::tools(shell)? })
    }

    /// A tool of zig: `cc`, `c++`, `ar`.
    pub fn command(&self, shell: &Shell, tool: &str) -> Command {
        let mut command = self.venv.module(shell, "ziglang");
        command.arg(tool);
        command
    }

    /// cargo, with zig as compiler and linker: cargo-zigbuild.
    pub fn cargo(&self, shell: &Shell) -> Result<Command> {
        let mut cargo = self.venv.program(shell, "cargo-zigbuild");
        // It finds zig through the first Python in PATH.
        cargo.env("PATH", wheels::first_in_path(&self.venv)?);
        Ok(cargo)
    }

    /// The path of a program that is a tool of zig.
    #[cfg(unix)]
    pub fn program(&self, shell: &Shell, tool: &str) -> Result<PathBuf> {
        use std::os::unix::fs::PermissionsExt as _;
        let folder = shell.root.join(WRAPPERS);
        std::fs::create_dir_all(&folder)?;
        let path = folder.join(tool);
        let text = format!("#!/bin/sh\nexec '{}' -m ziglang {tool} \"$@\"\n", self.venv.path().display());
        if std::fs::read_to_string(&path).is_ok_and(|old| old == text) {
            return Ok(path);
        }
        std::fs::write(&path, text)?;
        std::fs::set_permissions(&path, std::fs::Permissions::from_mode(0o755))?;
        Ok(path)
    }

    #[cfg(not(unix))]
    pub fn program(&self, _: &Shell, _: &str) -> Result<PathBuf> {
        Err("libraries for other platforms are built on Unix only".into())
    }

    /// The folder of zig's sources and headers.
    pub fn sources(&self, shell: &Shell) -> Result<PathBuf> {
        let mut locate = self.venv.python(shell);
        locate.args(["-c", "import ziglang; print(ziglang.__path__[0])"]);
        Ok(Path::new(&shell.output(&mut locate)?).join("lib"))
    }
}
