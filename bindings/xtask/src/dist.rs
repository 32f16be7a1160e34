//! Builds that ship: for any platform, with no trace of the machine they were made on.
//!
//! They have a folder of their own, since their flags would make cargo build everything else anew.

use std::error::Error;
use std::path::{Path, PathBuf};
use std::process::Command;

use crate::shell::{Done, Shell};

/// Where they are built.
pub const FOLDER: &str = "target/dist";

/// What a library that ships is built for.
#[derive(Debug)]
pub struct Platform {
    /// Rust's name.
    pub target: &'static str,
    /// The oldest Linux that the wheel is for; zig links for it. Other systems link with their own tools.
    pub linux: Option<&'static str>,
    /// The folder of the library in the jar, where JNA looks for it. JNA knows no musl.
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
    /// The one with this name.
    pub fn named(target: &str) -> Result<&'static Self, Box<dyn Error>> {
        PLATFORMS.iter().find(|platform| platform.target == target).ok_or_else(|| {
            let names: Vec<_> = PLATFORMS.iter().map(|platform| platform.target).collect();
            format!("nothing is packaged for {target}, only for {}", names.join(", ")).into()
        })
    }

    /// The one that this machine is.
    pub fn here(shell: &Shell) -> Result<&'static Self, Box<dyn Error>> {
        Self::named(&host(shell)?)
    }

    /// What the library's file is called there.
    pub fn library(&self) -> &'static str {
        match self.target {
            target if target.contains("windows") => "scalekit_ffi.dll",
            target if target.contains("apple") => "libscalekit_ffi.dylib",
            _ => "libscalekit_ffi.so",
        }
    }
}

/// The compiler, as far as it shows in what it builds.
struct Rustc {
    host: String,
    commit: String,
    sysroot: PathBuf,
}

/// What rustc builds for when nobody says what for.
pub fn host(shell: &Shell) -> Result<String, Box<dyn Error>> {
    Ok(rustc(shell)?.host)
}

fn rustc(shell: &Shell) -> Result<Rustc, Box<dyn Error>> {
    let said = shell.output(shell.command("rustc").arg("-vV"))?;
    let line = |key: &str| {
        let found = said.lines().find_map(|line| line.strip_prefix(key));
        found.map(str::to_owned).ok_or_else(|| format!("rustc does not say its {key}"))
    };
    let sysroot = shell.output(shell.command("rustc").args(["--print", "sysroot"]))?.into();
    Ok(Rustc { host: line("host: ")?, commit: line("commit-hash: ")?, sysroot })
}

/// Sets all that makes a build the same wherever it is made: the folder, the time, and the names for places.
pub fn settle<'a>(shell: &Shell, build: &'a mut Command) -> Result<&'a mut Command, Box<dyn Error>> {
    // Its sources must be there before the places they are in can be listed.
    shell.cargo("fetch --locked")?;
    let flags = places(shell)?.into_iter().map(|(place, name)| format!("--remap-path-prefix={place}={name}"));
    build.env("CARGO_ENCODED_RUSTFLAGS", flags.collect::<Vec<_>>().join("\x1f"));
    build.env("CARGO_TARGET_DIR", shell.root.join(FOLDER)).env_remove("RUSTFLAGS");
    build.env("CARGO_INCREMENTAL", "0").env("SOURCE_DATE_EPOCH", time(shell)?);
    Ok(build)
}

/// The time that all files bear: that of the commit.
pub fn time(shell: &Shell) -> Result<String, Box<dyn Error>> {
    match std::env::var("SOURCE_DATE_EPOCH") {
        Ok(time) => Ok(time),
        Err(_) => shell.output(shell.command("git").args(["log", "-1", "--format=%ct"])),
    }
}

/// The places that sources lie in here, and what the library calls them: panics name their file and line.
pub fn places(shell: &Shell) -> Result<Vec<(String, String)>, Box<dyn Error>> {
    let rustc = rustc(shell)?;
    let mut places = vec![(shell.root.display().to_string(), "scalekit-rs".to_owned())];
    let crates = cargo_home()?.join("registry/src");
    if crates.is_dir() {
        for registry in std::fs::read_dir(crates)? {
            places.push((registry?.path().display().to_string(), "crates".to_owned()));
        }
    }
    // Only there where the component rust-src is; elsewhere the compiler writes this name by itself.
    let std = rustc.sysroot.join("lib/rustlib/src/rust").display().to_string();
    places.push((std, format!("/rustc/{}", rustc.commit)));
    Ok(places)
}

fn cargo_home() -> Result<PathBuf, Box<dyn Error>> {
    if let Some(home) = std::env::var_os("CARGO_HOME") {
        return Ok(home.into());
    }
    let home = std::env::var_os("HOME").or_else(|| std::env::var_os("USERPROFILE"));
    Ok(Path::new(&home.ok_or("neither CARGO_HOME nor HOME is set")?).join(".cargo"))
}

/// Takes the symbols out of a library for any platform, in place.
pub fn strip(shell: &Shell, library: &Path) -> Done {
    match library.extension().and_then(|ending| ending.to_str()) {
        // The compiler's own tool: the machine's may not know other processors.
        Some("so") => {
            let rustc = rustc(shell)?;
            let tool = rustc.sysroot.join("lib/rustlib").join(&rustc.host).join("bin/rust-objcopy");
            let mut strip = shell.command(tool);
            for variable in ["LD_LIBRARY_PATH", "DYLD_LIBRARY_PATH"] {
                strip.env(variable, rustc.sysroot.join("lib"));
            }
            shell.run(strip.arg("--strip-unneeded").arg(library))
        }
        Some("dylib") => shell.run(shell.command("strip").arg("-x").arg(library)),
        // Windows has its symbols in a file beside it.
        _ => Ok(()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_platform_has_its_names() {
        for platform in &PLATFORMS {
            assert_eq!(Platform::named(platform.target).unwrap().library(), platform.library());
            assert_eq!(platform.linux.is_some(), platform.library().ends_with(".so"), "{}", platform.target);
        }
        assert!(
            Platform::named("wasm32-wasip1").unwrap_err().to_string().contains("only for x86_64-unknown")
        );
    }

    #[test]
    fn no_place_of_this_machine_keeps_its_name() {
        let places = places(&Shell::new().unwrap()).unwrap();
        let crates = cargo_home().unwrap();
        for known in [env!("CARGO_MANIFEST_DIR"), &crates.join("registry/src").display().to_string()] {
            assert!(places.iter().any(|(place, _)| place.starts_with(known) || known.starts_with(place)));
        }
    }
}
