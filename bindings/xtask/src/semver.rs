//! `cargo xtask semver`: checks the Rust API for breaking changes since a revision.

use crate::shell::{Result, Shell};

/// The version that is installed if there is none.
const CARGO_SEMVER_CHECKS: &str = "0.51.0";

/// Compares the API of the crate with that of `revision`, or of the newest version tag.
pub fn run(shell: &Shell, revision: Option<&str>) -> Result {
    let baseline = match revision {
        Some(revision) => revision.to_owned(),
        None => newest_version(shell)?,
    };
    if !shell.succeeds(&["cargo-semver-checks", "semver-checks", "--version"]) {
        shell.cargo(&format!(
            "install cargo-semver-checks --locked --debug --version {CARGO_SEMVER_CHECKS}"
        ))?;
    }
    shell.cargo(&format!("semver-checks --package scalekit --baseline-rev {baseline}"))
}

/// The newest version tag before this commit.
fn newest_version(shell: &Shell) -> Result<String> {
    let mut describe = shell.command("git");
    describe.args(["describe", "--tags", "--abbrev=0", "--match=v[0-9]*", "HEAD^"]);
    shell.output(&mut describe).map_err(|_| "there is no version tag to compare with; name a revision".into())
}
