//! `cargo xtask semver`: checks the Rust API and the ABI of the C library for breaking changes that the version number does not announce.

use crate::c::abi;
use crate::shell::{Result, Shell};

/// The version that is installed if there is none.
const CARGO_SEMVER_CHECKS: &str = "0.51.0";

/// Compares the API with that of `revision`, or of the newest version tag before this commit.
pub fn run(shell: &Shell, revision: Option<&str>) -> Result {
    let Some(baseline) = revision.map(str::to_owned).or_else(|| newest_version(shell)) else {
        eprintln!(
            "there is no version tag to compare with; `cargo xtask semver REV` compares with a revision"
        );
        return Ok(());
    };
    shell.cargo_tool("cargo-semver-checks", CARGO_SEMVER_CHECKS)?;
    shell.cargo(&format!("semver-checks --package scalekit --baseline-rev {baseline}"))?;
    abi::compare(shell, &baseline)
}

/// Compares the ABI of the C library with that of the newest version tag before this commit, if there is one.
pub fn check_c(shell: &Shell) -> Result {
    match newest_version(shell) {
        Some(version) => abi::compare(shell, &version),
        None => {
            eprintln!("there is no version tag to compare with");
            Ok(())
        }
    }
}

fn newest_version(shell: &Shell) -> Option<String> {
    let mut describe = shell.command("git");
    describe.args(["describe", "--tags", "--abbrev=0", "--match=v[0-9]*", "HEAD^"]);
    shell.output(&mut describe).ok()
}
