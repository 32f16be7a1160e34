//! Builds the C library for a target, with zig as compiler and linker.

use std::path::PathBuf;

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
    let mut build = if target.is_apple() { shell.command(env!("CARGO")) } else { zig.cargo(shell)? };
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
        apple::configure(shell, zig, target.rust, &mut build, &mut flags)?;
        flags.extend(["-install_name", INSTALL_NAME].map(|word| format!("-Clink-arg={word}")));
    }
    dist::make_reproducible_with(shell, &mut build, flags)?;
    if target.is_windows() {
        build.arg("--").arg(format!("-Clink-arg={}", exports(shell, zig, target)?.display()));
    }
    shell.run(&mut build)
}

/// Assembles an object that exports the functions of the header, and returns its path. cargo-zigbuild does not pass on
/// Rust's list of exports, and without one, every symbol is exported.
fn exports(shell: &Shell, zig: &Zig, target: &Target) -> Result<PathBuf> {
    let folder = shell.root.join("target/native").join(target.rust);
    std::fs::create_dir_all(&folder)?;
    let (source, object) = (folder.join("exports.s"), folder.join("exports.o"));
    let header = std::fs::read_to_string(library::include(shell).join("scalekit/scalekit.h"))?;
    let names = library::functions(&header).map(|name| format!(".ascii \" -export:{name}\"\n"));
    std::fs::write(&source, format!(".section .drectve,\"yni\"\n{}", names.collect::<String>()))?;
    let mut assemble = zig.command(shell, "cc");
    shell.run(assemble.args(["-target", target.zig, "-c"]).arg(source).arg("-o").arg(&object))?;
    Ok(object)
}
