//! Reproducible builds for distribution: for any platform, without paths or times of the build machine.
//!
//! They use a separate target folder, because their flags would make cargo rebuild everything else.

use std::path::{Path, PathBuf};
use std::process::Command;

use crate::metadata;
use crate::shell::{Result, Shell};

/// The target folder of these builds.
pub const FOLDER: &str = "target/dist";

/// A platform that libraries ship for.
#[derive(Debug)]
pub struct Platform {
    /// The Rust target.
    pub target: &'static str,
    /// The platform tag of the oldest Linux that the wheel supports. zig links for it; other systems link with their own
    /// tools.
    pub linux: Option<&'static str>,
    /// The folder in the jar from which JNA loads the library. JNA does not support musl.
    pub jna: Option<&'static str>,
}

const fn platform(target: &'static str, linux: Option<&'static str>, jna: Option<&'static str>) -> Platform {
    Platform { target, linux, jna }
}

const GLIBC: Option<&str> = Some("manylinux_2_17");
const MUSL: Option<&str> = Some("musllinux_1_2");

pub const PLATFORMS: [Platform; 7] = [
    platform("x86_64-unknown-linux-gnu", GLIBC, Some("linux-x86-64")),
    platform("aarch64-unknown-linux-gnu", GLIBC, Some("linux-aarch64")),
    platform("x86_64-unknown-linux-musl", MUSL, None),
    platform("aarch64-unknown-linux-musl", MUSL, None),
    platform("x86_64-apple-darwin", None, Some("darwin-x86-64")),
    platform("aarch64-apple-darwin", None, Some("darwin-aarch64")),
    platform("x86_64-pc-windows-msvc", None, Some("win32-x86-64")),
];

impl Platform {
    /// The platform with this Rust target.
    pub fn named(target: &str) -> Result<&'static Self> {
        PLATFORMS.iter().find(|platform| platform.target == target).ok_or_else(|| {
            let names: Vec<_> = PLATFORMS.iter().map(|platform| platform.target).collect();
            format!("unsupported target: {target}; supported: {}", names.join(", ")).into()
        })
    }

    /// The platform of this machine.
    pub fn host(shell: &Shell) -> Result<&'static Self> {
        Self::named(&host(shell)?)
    }

    /// The file name of the library.
    pub fn library_name(&self) -> &'static str {
        match self.target {
            target if target.contains("windows") => "scalekit_ffi.dll",
            target if target.contains("apple") => "libscalekit_ffi.dylib",
            _ => "libscalekit_ffi.so",
        }
    }
}

/// The oldest macOS of a target: on Intel, the first with `SecTrustEvaluateWithError`, which `rustls-platform-verifier`
/// calls, and the first on ARM.
pub fn macos_version(target: &str) -> &'static str {
    if target.starts_with("aarch64") { "11.0" } else { "10.14" }
}

/// The properties of the compiler that affect its output.
struct Rustc {
    host: String,
    commit: String,
    sysroot: PathBuf,
}

/// The default target of rustc.
pub fn host(shell: &Shell) -> Result<String> {
    Ok(rustc(shell)?.host)
}

/// Installs the standard library of a target.
pub fn add_target(shell: &Shell, target: &str) -> Result {
    shell.run(shell.command("rustup").args(["target", "add", target]))
}

fn rustc(shell: &Shell) -> Result<Rustc> {
    let output = shell.output(shell.command("rustc").arg("-vV"))?;
    let line = |key: &str| {
        let found = output.lines().find_map(|line| line.strip_prefix(key));
        found.map(str::to_owned).ok_or_else(|| format!("rustc -vV prints no {key:?}"))
    };
    let sysroot = shell.output(shell.command("rustc").args(["--print", "sysroot"]))?.into();
    Ok(Rustc { host: line("host: ")?, commit: line("commit-hash: ")?, sysroot })
}

/// Makes a build independent of the machine: sets its target folder and timestamp, and replaces the paths of sources.
pub fn make_reproducible<'a>(shell: &Shell, build: &'a mut Command) -> Result<&'a mut Command> {
    make_reproducible_with(shell, build, Vec::new())
}

/// The same, with more flags of the compiler.
pub fn make_reproducible_with<'a>(
    shell: &Shell,
    build: &'a mut Command,
    mut flags: Vec<String>,
) -> Result<&'a mut Command> {
    // The folders of the sources are listed below, so that they must exist.
    shell.cargo("fetch --locked")?;
    let paths = source_paths(shell)?.into_iter();
    flags.extend(paths.map(|(path, name)| format!("--remap-path-prefix={path}={name}")));
    build.env("CARGO_ENCODED_RUSTFLAGS", flags.join("\x1f"));
    build.env("CARGO_TARGET_DIR", shell.root.join(FOLDER)).env_remove("RUSTFLAGS");
    build.env("CARGO_INCREMENTAL", "0").env("SOURCE_DATE_EPOCH", timestamp(shell)?);
    Ok(build)
}

/// The timestamp of all packaged files: that of the commit, unless SOURCE_DATE_EPOCH is set.
pub fn timestamp(shell: &Shell) -> Result<String> {
    match std::env::var("SOURCE_DATE_EPOCH") {
        Ok(timestamp) => Ok(timestamp),
        Err(_) => shell.output(shell.command("git").args(["log", "-1", "--format=%ct"])),
    }
}

/// The paths of sources on this machine, and their replacements in the library. Panic messages contain the file and line.
pub fn source_paths(shell: &Shell) -> Result<Vec<(String, String)>> {
    let rustc = rustc(shell)?;
    let mut paths = vec![(shell.root.display().to_string(), "scalekit-rs".to_owned())];
    let crates = cargo_home()?.join("registry/src");
    if crates.is_dir() {
        for registry in std::fs::read_dir(crates)? {
            paths.push((registry?.path().display().to_string(), "crates".to_owned()));
        }
    }
    // The path is only used if the component rust-src is installed; otherwise the compiler writes this name itself.
    let std = rustc.sysroot.join("lib/rustlib/src/rust").display().to_string();
    paths.push((std, format!("/rustc/{}", rustc.commit)));
    Ok(paths)
}

fn cargo_home() -> Result<PathBuf> {
    if let Some(home) = std::env::var_os("CARGO_HOME") {
        return Ok(home.into());
    }
    let home = std::env::var_os("HOME").or_else(|| std::env::var_os("USERPROFILE"));
    Ok(Path::new(&home.ok_or("neither CARGO_HOME nor HOME is set")?).join(".cargo"))
}

/// A tool of the Rust toolchain, which supports all its platforms: `rust-lld`.
pub fn rust_tool(shell: &Shell, name: &str) -> Result<PathBuf> {
    let rustc = rustc(shell)?;
    Ok(rustc.sysroot.join("lib/rustlib").join(&rustc.host).join("bin").join(name))
}

/// `rust-objcopy`, which finds LLVM in the toolchain.
pub fn rust_objcopy(shell: &Shell) -> Result<Command> {
    let mut command = shell.command(rust_tool(shell, "rust-objcopy")?);
    for variable in ["LD_LIBRARY_PATH", "DYLD_LIBRARY_PATH"] {
        command.env(variable, rustc(shell)?.sysroot.join("lib"));
    }
    Ok(command)
}

/// Strips a library for any platform, in place.
pub fn strip(shell: &Shell, library: &Path) -> Result {
    match library.extension().and_then(|ending| ending.to_str()) {
        // The compiler's own tool: the system's may not support other architectures.
        Some("so") => {
            metadata::erase(library)?;
            shell.run(rust_objcopy(shell)?.arg("--strip-unneeded").arg(library))
        }
        Some("dylib") => shell.run(shell.command("strip").arg("-x").arg(library)),
        // On Windows the symbols are in a separate file.
        _ => Ok(()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn platforms_are_found_by_target() {
        for platform in &PLATFORMS {
            assert_eq!(Platform::named(platform.target).unwrap().library_name(), platform.library_name());
            assert_eq!(
                platform.linux.is_some(),
                platform.library_name().ends_with(".so"),
                "{}",
                platform.target
            );
        }
        assert!(
            Platform::named("wasm32-wasip1").unwrap_err().to_string().contains("supported: x86_64-unknown")
        );
    }

    #[test]
    fn source_paths_cover_the_repository_and_the_crates() {
        let paths = source_paths(&Shell::new().unwrap()).unwrap();
        let crates = cargo_home().unwrap();
        for known in [env!("CARGO_MANIFEST_DIR"), &crates.join("registry/src").display().to_string()] {
            assert!(paths.iter().any(|(path, _)| path.starts_with(known) || known.starts_with(path)));
        }
    }
}
