//! `make soak`: calls all areas of the API concurrently under fault injection; see `tests/soak`.

use std::path::{Path, PathBuf};

use crate::build;
use crate::shell::{Result, Shell};

/// The report of the long run, which the benchmark results include.
pub const REPORT: &str = "tests/bench/soak.md";

/// The number of calls in `cargo xtask test rust`.
const TEST_CALLS: &str = "20000";

/// `cargo xtask soak [release] [--calls N] [--seed N] [--report FILE]`.
pub fn run(shell: &Shell, arguments: &[&str]) -> Result {
    let (profile, arguments) = match arguments {
        ["release", rest @ ..] => (RELEASE, rest),
        all => (DEV, all),
    };
    soak(shell, profile, arguments)
}

/// The short run, as part of the tests.
pub fn test(shell: &Shell) -> Result {
    soak(shell, DEV, &["--calls", TEST_CALLS])
}

/// A cargo profile, and the folder it builds into.
type Profile = (&'static str, &'static str);

const DEV: Profile = ("dev", "debug");
const RELEASE: Profile = ("release", "release");

fn soak(shell: &Shell, (profile, folder): Profile, arguments: &[&str]) -> Result {
    shell.cargo(&format!("build --profile {profile} --package scalekit-soak --package scalekit-emulator"))?;
    let folder = build::target(shell).join(folder);
    let mut soak = shell.command(program(&folder, "scalekit-soak"));
    // With one arena for all threads, memory that the allocator caches for each thread does not look like a leak.
    soak.env("MALLOC_ARENA_MAX", "1");
    shell.run(soak.arg("--emulator").arg(program(&folder, "scalekit-emulator")).args(arguments))
}

fn program(folder: &Path, name: &str) -> PathBuf {
    folder.join(format!("{name}{}", std::env::consts::EXE_SUFFIX))
}
