//! Running programs.

use std::error::Error;
use std::ffi::OsStr;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

/// How the variables begin that cargo sets for the program it runs, and for no other.
const OURS: [&str; 2] = ["CARGO_MANIFEST_", "CARGO_PKG_"];

/// What a task gives: nothing, or why it failed.
pub type Done = Result<(), Box<dyn Error>>;

/// A toolchain is not on this machine: no failure of ours, unless this is CI.
#[derive(Debug)]
pub struct Missing(pub String);

impl std::fmt::Display for Missing {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.0)
    }
}

impl Error for Missing {}

/// Where the repository is, and which build is used.
pub struct Shell {
    pub root: PathBuf,
    pub ci: bool,
}

impl Shell {
    pub fn new() -> Result<Self, Box<dyn Error>> {
        // bindings/xtask/ of the repository.
        let here = Path::new(env!("CARGO_MANIFEST_DIR"));
        let root = here.ancestors().nth(2).ok_or("the repository has no root")?.to_owned();
        Ok(Self { root, ci: std::env::var_os("CI").is_some_and(|ci| ci == "true") })
    }

    /// A command at the root of the repository.
    ///
    /// What cargo told this program about itself is kept from it: ring's build script looks at that, so that everything
    /// above ring would be built anew whenever `cargo xtask` and `cargo` take turns.
    pub fn command(&self, program: impl AsRef<OsStr>) -> Command {
        let mut command = Command::new(program);
        command.current_dir(&self.root);
        for (name, _) in std::env::vars_os() {
            if name.to_str().is_some_and(|name| OURS.iter().any(|ours| name.starts_with(ours))) {
                command.env_remove(name);
            }
        }
        command
    }

    /// `cargo`, with the words of `arguments`.
    pub fn cargo(&self, arguments: &str) -> Done {
        self.run(self.command(env!("CARGO")).args(arguments.split_whitespace()))
    }

    /// Says what it runs, runs it, and fails if that fails.
    pub fn run(&self, command: &mut Command) -> Done {
        eprintln!("\n$ {}", shown(command));
        let status = command.status().map_err(|e| format!("cannot run {}: {e}", shown(command)))?;
        if status.success() { Ok(()) } else { Err(format!("failed ({status}): {}", shown(command)).into()) }
    }

    /// What a program prints, without the line end.
    pub fn output(&self, command: &mut Command) -> Result<String, Box<dyn Error>> {
        let output =
            command.stderr(Stdio::inherit()).output().map_err(|e| format!("{}: {e}", shown(command)))?;
        if !output.status.success() {
            return Err(format!("failed ({}): {}", output.status, shown(command)).into());
        }
        Ok(String::from_utf8(output.stdout)?.trim_end().to_owned())
    }

    /// Fails with `Missing` where a program is not installed.
    pub fn need(&self, program: &str, why: &str) -> Done {
        let probe =
            self.command(program).arg("--version").stdout(Stdio::null()).stderr(Stdio::null()).status();
        probe.map(|_| ()).map_err(|_| Missing(format!("{program} is not installed ({why})")).into())
    }
}

fn shown(command: &Command) -> String {
    let words = std::iter::once(command.get_program()).chain(command.get_args());
    words.map(|word| word.to_string_lossy().into_owned()).collect::<Vec<_>>().join(" ")
}
