//! Running programs from the root of the repository.

use std::error::Error;
use std::ffi::{OsStr, OsString};
use std::io::ErrorKind;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

/// The prefixes of the variables that cargo sets only for the program it runs.
const CARGO_VARIABLES: [&str; 2] = ["CARGO_MANIFEST_", "CARGO_PKG_"];

/// The variable with the folders of shared libraries.
const LIBRARY_PATH: &str =
    if cfg!(target_os = "macos") { "DYLD_FALLBACK_LIBRARY_PATH" } else { "LD_LIBRARY_PATH" };

pub type Result<T = ()> = std::result::Result<T, Box<dyn Error>>;

/// The folder of tools that tasks install: they leave nothing in the user's home.
const TOOLS: &str = "target/tools";

/// A toolchain that is not installed. The step is reported and skipped; with `CI=true` it fails.
#[derive(Debug)]
pub struct Missing(pub String);

impl std::fmt::Display for Missing {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.0)
    }
}

impl Error for Missing {}

pub struct Shell {
    /// The root of the repository.
    pub root: PathBuf,
    /// Whether `CI=true` is set: the release profile is built and tested.
    pub ci: bool,
}

impl Shell {
    pub fn new() -> Result<Self> {
        // This crate is in bindings/xtask/. cargo sets the variable for the program that it runs: unlike the path at
        // compile time, it is right in a copy of a built checkout.
        let manifest = std::env::var_os("CARGO_MANIFEST_DIR").map(PathBuf::from);
        let manifest = manifest.ok_or("start this program with `cargo xtask`")?;
        let root = manifest.ancestors().nth(2).ok_or("the repository has no root")?.to_owned();
        Ok(Self { root, ci: std::env::var_os("CI").is_some_and(|ci| ci == "true") })
    }

    /// A shell of the same repository that builds for release.
    pub fn release(&self) -> Self {
        Self { root: self.root.clone(), ci: true }
    }

    /// A command that runs at the root of the repository.
    ///
    /// It does not inherit cargo's variables about this program: ring's build script reads them, so that ring and its
    /// dependents would be rebuilt whenever `cargo xtask` and `cargo` take turns. Nor does it inherit the folders of
    /// shared libraries that cargo adds: JNA would load a debug library from there in place of the one in the jar.
    pub fn command(&self, program: impl AsRef<OsStr>) -> Command {
        let mut command = Command::new(program);
        command.current_dir(&self.root);
        for (name, _) in std::env::vars_os() {
            let name_text = name.to_str().unwrap_or_default();
            if CARGO_VARIABLES.iter().any(|prefix| name_text.starts_with(prefix)) {
                command.env_remove(name);
            }
        }
        // After the user's own, which come first.
        let path = std::env::var_os("PATH").unwrap_or_default();
        let folders = std::env::split_paths(&path).chain([self.root.join(TOOLS).join("bin")]);
        if let Ok(path) = std::env::join_paths(folders) {
            command.env("PATH", path);
        }
        let own = std::env::current_exe().ok();
        if let (Some(paths), Some(built)) =
            (std::env::var_os(LIBRARY_PATH), own.as_deref().and_then(Path::parent))
        {
            match without_folder(&paths, built) {
                Some(others) => command.env(LIBRARY_PATH, others),
                None => command.env_remove(LIBRARY_PATH),
            };
        }
        command
    }

    /// Runs `cargo` with arguments that are separated by spaces.
    pub fn cargo(&self, arguments: &str) -> Result {
        self.run(self.command(env!("CARGO")).args(arguments.split_whitespace()))
    }

    /// Installs a cargo tool into the project, if it is not installed. Its debug build takes half the time.
    pub fn cargo_tool(&self, name: &str, version: &str) -> Result {
        let subcommand = name.trim_start_matches("cargo-");
        if self.succeeds(&[name, subcommand, "--version"]) {
            return Ok(());
        }
        let mut install = self.command(env!("CARGO"));
        install.args(["install", name, "--version", version, "--locked", "--debug", "--root", TOOLS]);
        self.run(install.env("CARGO_PROFILE_DEV_DEBUG", "false"))
    }

    /// Prints a command, runs it, and fails if it does.
    pub fn run(&self, command: &mut Command) -> Result {
        eprintln!("\n$ {}", display(command));
        let status = command.status().map_err(|e| format!("cannot run {}: {e}", display(command)))?;
        if status.success() { Ok(()) } else { Err(format!("failed ({status}): {}", display(command)).into()) }
    }

    /// Returns what a command prints, without trailing white space.
    pub fn output(&self, command: &mut Command) -> Result<String> {
        let output =
            command.stderr(Stdio::inherit()).output().map_err(|e| format!("{}: {e}", display(command)))?;
        if !output.status.success() {
            return Err(format!("failed ({}): {}", output.status, display(command)).into());
        }
        Ok(String::from_utf8(output.stdout)?.trim_end().to_owned())
    }

    /// Fails with `Missing` if a program is not installed, and otherwise if it cannot be run.
    pub fn require(&self, program: &str, purpose: &str) -> Result {
        let mut probe = self.command(program);
        match probe.arg("--version").stdout(Stdio::null()).stderr(Stdio::null()).status() {
            Ok(_) => Ok(()),
            // A working folder that does not exist is not found either.
            Err(error) if error.kind() == ErrorKind::NotFound && self.root.is_dir() => {
                Err(Missing(format!("{program} is not installed ({purpose})")).into())
            }
            Err(error) => Err(format!("cannot run {program} in {}: {error}", self.root.display()).into()),
        }
    }

    /// Fails with `Missing` if nightly Rust is not installed. Toolchains are the developer's choice, so that no task
    /// installs one.
    pub fn require_nightly(&self) -> Result {
        if self.succeeds(&["rustup", "run", "nightly", "rustc", "--version"]) {
            return Ok(());
        }
        Err(Missing("nightly Rust is not installed (rustup toolchain install nightly)".into()).into())
    }

    /// Whether a command can be run and succeeds. Its output is discarded.
    pub fn succeeds(&self, words: &[&str]) -> bool {
        let mut command = self.command(words[0]);
        command.args(&words[1..]).stdout(Stdio::null()).stderr(Stdio::null());
        command.status().is_ok_and(|status| status.success())
    }
}

/// Removes `folder` and the folders in it from a list of folders; `None` if none is left.
fn without_folder(paths: &OsStr, folder: &Path) -> Option<OsString> {
    let others: Vec<_> = std::env::split_paths(paths).filter(|path| !path.starts_with(folder)).collect();
    std::env::join_paths(&others).ok().filter(|_| !others.is_empty())
}

fn display(command: &Command) -> String {
    let words = std::iter::once(command.get_program()).chain(command.get_args());
    words.map(|word| word.to_string_lossy().into_owned()).collect::<Vec<_>>().join(" ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_a_program_that_was_looked_for_is_missing() {
        let shell = |root: &str| Shell { root: root.into(), ci: false };
        let missing = shell(".").require("no-such-program", "for a test").unwrap_err();
        assert!(missing.is::<Missing>(), "{missing}");
        let elsewhere = shell("/no/such/folder").require("sh", "for a test").unwrap_err();
        assert!(
            !elsewhere.is::<Missing>() && elsewhere.to_string().contains("/no/such/folder"),
            "{elsewhere}"
        );
    }

    #[test]
    fn only_the_folders_of_the_build_are_removed() {
        let list = |paths: &[&str]| std::env::join_paths(paths).unwrap();
        let given =
            list(&["/own/target/debug/deps", "/own/target/debug", "/opt/lib", "/own/target/debugger"]);
        let others = without_folder(&given, Path::new("/own/target/debug"));
        assert_eq!(others, Some(list(&["/opt/lib", "/own/target/debugger"])));
        assert_eq!(without_folder(&list(&["/own/target/debug"]), Path::new("/own/target/debug")), None);
    }
}
