//! The Maven projects, and what they build.

use std::path::{Path, PathBuf};

use crate::shell::{Result, Shell};

/// The Maven project of the jar.
pub const PROJECT: &str = "bindings/kotlin";

/// A program that is compiled with the oldest supported Kotlin.
pub const CONSUMER: &str = "bindings/kotlin/consumer";

/// The Maven build of the library, its consumer and all examples.
pub const ALL: &str = "examples/kotlin";

/// The jar that Maven has built.
pub fn jar_path(shell: &Shell) -> Result<PathBuf> {
    let jar = concat!("target/scalekit-", env!("CARGO_PKG_VERSION"), ".jar");
    let jar = shell.root.join(PROJECT).join(jar);
    if jar.exists() { Ok(jar) } else { Err(format!("Maven did not build {}", jar.display()).into()) }
}

/// A class path of `first` and the dependencies of the jar.
pub fn class_path(shell: &Shell, first: &[&Path]) -> Result<std::ffi::OsString> {
    let dependencies = shell.root.join(PROJECT).join("target/dependencies/*");
    let all = first.iter().map(|path| path.to_path_buf()).chain([dependencies]);
    Ok(std::env::join_paths(all)?)
}
