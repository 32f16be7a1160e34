//! Builds the C library for a target, with zig as compiler and linker.

use std::path::PathBuf;
use std::process::Command;

use super::target::Target;
use crate::apple;
use crate::c::library;
use crate::dist;
use crate::shell::{Result, Shell};
use crate::zig::Zig;

/// The name by which programs on macOS load the library: beside them, or where they say.
const INSTALL_NAME: &str = "@rpath/libscalekit.0.dylib";

/// The libraries that cargo has built.
pub struct Built {
    pub shared: PathBuf,
    /// Only for Linux: elsewhere, no tool hides the symbols of an archive.
    pub archive: Option<PathBuf>,
    /// Only for Windows: what programs link to load the DLL.
    pub import: Option<PathBuf>,
}

/// Builds the libraries that the archive of a target contains.
pub fn build(shell: &Shell, zig: &Zig, target: &Target) -> Result<Built> {
    shell.run(shell.command("rustup").args(["target", "add", target.rust]))?;
    let folder = shell.root.join(dist::FOLDER).join(target.rust).join("release");
    run(shell, zig, target)?;
    Ok(Built {
        shared: folder.join(target.built_name()),
        archive: target.is_linux().then(|| folder.join("libscalekit.a")),
        import: target.is_windows().then(|| folder.join("libscalekit.dll.a")),
    })
}

fn run(shell: &Shell, zig: &Zig, target: &Target) -> Result {
    let mut build = zig.cargo(shell)?;
    let kinds = if target.is_linux() { "cdylib,staticlib" } else { "cdylib" };
    build.args([
        "rustc",
        "--locked",
        "--release",
        "--package",
        library::PACKAGE,
        "--lib",
        "--crate-type",
        kinds,
    ]);
    build.arg("--target").arg(format!("{}{}", target.rust, target.version));
    let mut flags = Vec::new();
    if target.is_musl() {
        // By default, Rust builds static programs for musl, and no shared library.
        flags.push("-Ctarget-feature=-crt-static".to_owned());
    }
    if !target.is_linux() {
        build.env("CARGO_PROFILE_RELEASE_STRIP", "symbols");
    }
    if target.is_apple() {
        configure_apple(shell, target, &mut build, &mut flags)?;
    }
    dist::make_reproducible_with(shell, &mut build, flags)?;
    shell.run(&mut build)
}

fn configure_apple(shell: &Shell, target: &Target, build: &mut Command, flags: &mut Vec<String>) -> Result {
    build
        .env("SDKROOT", apple::sdk(shell))
        .env("MACOSX_DEPLOYMENT_TARGET", apple::macos_version(target.rust));
    flags.push(format!("-Clink-arg=-Wl,-install_name,{INSTALL_NAME}"));
    Ok(())
}
