//! Builds the native library, and generates the sources of each language from it.

use std::path::{Path, PathBuf};

use crate::metadata;
use crate::shell::{Result, Shell};

/// The cargo profile that tests use, and the folder it builds into. CI tests the profile that ships.
fn profile(shell: &Shell) -> (&'static str, &'static str) {
    if shell.ci { ("release", "release") } else { ("dev", "debug") }
}

/// The folder that cargo builds into.
pub fn target(shell: &Shell) -> PathBuf {
    std::env::var_os("CARGO_TARGET_DIR").map_or_else(|| shell.root.join("target"), PathBuf::from)
}

/// Builds the native library, with its symbols, and returns its path.
///
/// The arguments are those of maturin, which builds it for the wheel: with others, each would relink what the other
/// has linked.
pub fn library(shell: &Shell) -> Result<PathBuf> {
    let (profile, folder) = profile(shell);
    shell.cargo(&format!("rustc --profile {profile} --package scalekit-ffi --lib --crate-type cdylib"))?;
    Ok(target(shell).join(folder).join(library_name()))
}

/// The file name of the library on this system.
pub fn library_name() -> String {
    format!("{}scalekit_ffi{}", std::env::consts::DLL_PREFIX, std::env::consts::DLL_SUFFIX)
}

/// The cargo profile, for maturin.
pub fn profile_name(shell: &Shell) -> &'static str {
    profile(shell).0
}

/// Builds an example of the core and returns its path. With the dependencies of the workspace's tests: an example of the
/// core alone would be built with others of its own.
pub fn example(shell: &Shell, name: &str) -> Result<PathBuf> {
    shell.cargo(&format!("build --quiet --workspace --example {name}"))?;
    Ok(target(shell).join(format!("debug/examples/{name}{}", std::env::consts::EXE_SUFFIX)))
}

/// Builds the program that generates the bindings, and returns its path.
pub fn generator(shell: &Shell) -> Result<PathBuf> {
    shell.cargo("build --package uniffi-bindgen")?;
    Ok(target(shell).join(format!("debug/scalekit-bindgen{}", std::env::consts::EXE_SUFFIX)))
}

/// Generates the sources of a language.
pub fn bind(shell: &Shell, language: &str, out: &Path) -> Result {
    let library = library(shell)?;
    std::fs::create_dir_all(out)?;
    let mut generate = shell.command(generator(shell)?);
    if language == "kotlin" {
        generate.args(["kotlin", "--library"]).arg(library).arg("--out").arg(out);
    } else {
        generate.args(["generate", "--library"]).arg(library);
        generate.args(["--config", "bindings/uniffi-bindgen/config.toml"]);
        generate.args(["--language", language, "--no-format", "--out-dir"]).arg(out);
    }
    shell.run(&mut generate)
}

/// Copies the library without its symbols, which only the generator reads.
pub fn copy_stripped(shell: &Shell, library: &Path, to: &Path) -> Result {
    if let Some(folder) = to.parent() {
        std::fs::create_dir_all(folder)?;
    }
    std::fs::copy(library, to)?;
    metadata::erase(to)?;
    let flag = if cfg!(target_os = "macos") { "-x" } else { "--strip-unneeded" };
    shell.run(shell.command("strip").arg(flag).arg(to))
}
