//! Runs the libraries for ARM with the C library of Android 6, in an emulated process: unidbg, from Maven Central.

use super::abi::{ABIS, Abi};
use super::library;
use crate::kotlin::maven;
use crate::shell::{Result, Shell};

const PROJECT: &str = "bindings/android/tests/device";

/// The processors that unidbg emulates.
const EMULATED: [&str; 2] = ["arm64-v8a", "armeabi-v7a"];

/// Fails unless the libraries for ARM create clients, start logins, and verify tokens and webhooks.
pub fn check(shell: &Shell) -> Result {
    for abi in ABIS.iter().filter(|abi| EMULATED.contains(&abi.name)) {
        run(shell, abi)?;
    }
    Ok(())
}

/// Fails unless the library of an ABI does so.
pub fn run(shell: &Shell, abi: &Abi) -> Result {
    shell.require("mvn", "Maven and a JDK, 17 or newer")?;
    shell.run(maven::command(shell, PROJECT).args(["-q", "compile"]))?;
    let target = shell.root.join(PROJECT).join("target");
    let path = std::env::join_paths([target.join("classes"), target.join("dependencies/*")])?;
    let mut checks = shell.command("java");
    checks.arg("-cp").arg(path).arg("rs.scalekit.android.Checks").arg(shell.root.join("tests/fixtures"));
    checks.arg(if abi.is_64_bit { "64" } else { "32" });
    shell.run(checks.arg(library::path(shell, abi)))
}
