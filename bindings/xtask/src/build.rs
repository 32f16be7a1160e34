//! Building the native library, and the sources of each language from it.

use std::error::Error;
use std::path::{Path, PathBuf};

use crate::shell::{Done, Shell};

/// The cargo profile that tests run on, and the folder it builds into. CI tests what ships.
fn profile(shell: &Shell) -> (&'static str, &'static str) {
    if shell.ci { ("release", "release") } else { ("dev", "debug") }
}

/// The folder that cargo builds into.
pub fn target(shell: &Shell) -> PathBuf {
    std::env::var_os("CARGO_TARGET_DIR").map_or_else(|| shell.root.join("target"), PathBuf::from)
}

/// Builds the native library and gives its path, symbols and all.
///
/// In the words of maturin, which builds it for the wheel: else the two would each link anew what the other has linked.
pub fn library(shell: &Shell) -> Result<PathBuf, Box<dyn Error>> {
    let profile = profile(shell).0;
    shell.cargo(&format!("rustc --profile {profile} --package scalekit-ffi --lib --crate-type cdylib"))?;
    Ok(target(shell).join(self::profile(shell).1).join(library_name()))
}

/// What the library's file is called here.
pub fn library_name() -> String {
    format!("{}scalekit_ffi{}", std::env::consts::DLL_PREFIX, std::env::consts::DLL_SUFFIX)
}

/// The cargo profile, for maturin.
pub fn profile_name(shell: &Shell) -> &'static str {
    profile(shell).0
}

/// Generates one language's sources.
pub fn bind(shell: &Shell, language: &str, out: &Path) -> Done {
    let library = library(shell)?;
    std::fs::create_dir_all(out)?;
    let mut generate = shell.command(env!("CARGO"));
    generate.args([
        "run",
        "--quiet",
        "--package",
        "uniffi-bindgen",
        "--bin",
        "uniffi-bindgen",
        "--",
        "generate",
    ]);
    generate
        .arg("--library")
        .arg(library)
        .args(["--language", language, "--no-format", "--out-dir"])
        .arg(out);
    shell.run(&mut generate)
}

/// Copies the library without its symbols: the generator has read them, nobody else needs them.
pub fn stripped(shell: &Shell, library: &Path, to: &Path) -> Done {
    if let Some(folder) = to.parent() {
        std::fs::create_dir_all(folder)?;
    }
    std::fs::copy(library, to)?;
    let flag = if cfg!(target_os = "macos") { "-x" } else { "--strip-unneeded" };
    shell.run(shell.command("strip").arg(flag).arg(to))
}
