//! `make soak`: all areas of the API at once, through everything that can go wrong. `tests/soak` says how.

use std::path::{Path, PathBuf};

use crate::build;
use crate::shell::{Done, Shell};

/// The report of the long run, which the page of the bench shows.
pub const REPORT: &str = "tests/bench/soak.md";

/// What `cargo xtask test rust` runs.
const IN_TESTS: &str = "20000";

/// `cargo xtask soak [release] [--calls N] [--seed N] [--report FILE]`.
pub fn run(shell: &Shell, arguments: &[&str]) -> Done {
    let (profile, arguments) = match arguments {
        ["release", rest @ ..] => (RELEASE, rest),
        all => (QUICK, all),
    };
    soak(shell, profile, arguments)
}

/// The short run.
pub fn test(shell: &Shell) -> Done {
    soak(shell, QUICK, &["--calls", IN_TESTS])
}

/// What cargo calls a profile, and the folder it builds into.
type Profile = (&'static str, &'static str);

const QUICK: Profile = ("dev", "debug");
const RELEASE: Profile = ("release", "release");

fn soak(shell: &Shell, profile: Profile, arguments: &[&str]) -> Done {
    shell.cargo(&format!(
        "build --profile {} --package scalekit-soak --package scalekit-emulator",
        profile.0
    ))?;
    let folder = build::target(shell).join(profile.1);
    let mut soak = shell.command(program(&folder, "scalekit-soak"));
    // One arena for all threads: what the allocator keeps for each of them is not to be taken for a leak.
    soak.env("MALLOC_ARENA_MAX", "1");
    shell.run(soak.arg("--emulator").arg(program(&folder, "scalekit-emulator")).args(arguments))
}

fn program(folder: &Path, name: &str) -> PathBuf {
    folder.join(format!("{name}{}", std::env::consts::EXE_SUFFIX))
}
