//! The JVM programs of the benchmark.

use std::ffi::OsString;
use std::path::PathBuf;
use std::process::Command;

use super::{jdks, maven};
use crate::shell::{Result, Shell};

/// The Maven build of the benchmark with the library, and the programs that it compares.
const BENCH: &str = "tests/bench/kotlin";
pub const CONTESTANTS: &str = "tests/bench/kotlin/contestants";

/// The classes of the programs, and the JDKs that run them.
pub struct Bench {
    class_path: OsString,
    newest: PathBuf,
}

impl Bench {
    /// Builds the programs with the library, whose sources are generated.
    pub fn build(shell: &Shell) -> Result<Self> {
        let newest = jdks::newest(&jdks::installed(), jdks::FOREIGN - 1);
        let newest = newest.ok_or("a JDK with the foreign-function API, 22 or newer, was not found")?.java;
        let mut build = maven::command(shell, BENCH);
        shell.run(build.args(["-q", "package", "-Dmaven.test.skip=true"]).args(maven::foreign()))?;
        let target = shell.root.join(CONTESTANTS).join("target");
        let class_path = std::env::join_paths([target.join("classes"), target.join("dependencies/*")])?;
        Ok(Self { class_path, newest })
    }

    /// A program with the JDK that Maven uses.
    pub fn command(&self, shell: &Shell) -> Command {
        self.with_classes(shell.command("java"))
    }

    /// A program with the newest JDK.
    pub fn newest_command(&self, shell: &Shell) -> Command {
        let mut command = shell.command(&self.newest);
        command.arg(jdks::ENABLE);
        self.with_classes(command)
    }

    fn with_classes(&self, mut command: Command) -> Command {
        command.arg("-cp").arg(&self.class_path).arg("ContestantsKt");
        command
    }
}
