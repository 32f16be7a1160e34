//! Builds a native library for a target, with zig as compiler and linker.

use std::path::PathBuf;

use super::target::Target;
use crate::apple;
use crate::c::library;
use crate::dist;
use crate::shell::{Result, Shell};
use crate::zig::Zig;

/// The library to build.
pub struct Library {
    pub package: &'static str,
    /// `--crate-type` of cargo.
    pub kinds: &'static str,
    /// The name by which programs on macOS load the library: beside them, or where they say.
    pub install_name: &'static str,
    /// The functions that the library exports on Windows.
    pub exports: Vec<String>,
}

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
    let header = std::fs::read_to_string(library::include(shell).join("scalekit/scalekit.h"))?;
    let library = Library {
        package: library::PACKAGE,
        kinds: if target.is_linux() { "cdylib,staticlib" } else { "cdylib" },
        install_name: "@rpath/libscalekit.0.dylib",
        exports: library::functions(&header).map(str::to_owned).collect(),
    };
    let folder = run(shell, zig, target, &library)?;
    Ok(Built {
        shared: folder.join(target.built_name()),
        archive: target.is_linux().then(|| folder.join("libscalekit.a")),
        import: target.is_windows().then(|| folder.join("libscalekit.dll.a")),
    })
}

/// Builds a library for a target, and returns the folder that contains it.
pub fn run(shell: &Shell, zig: &Zig, target: &Target, library: &Library) -> Result<PathBuf> {
    dist::add_target(shell, target.rust)?;
    let mut build = if target.is_apple() { shell.command(env!("CARGO")) } else { zig.cargo(shell)? };
    build.args(["rustc", "--locked", "--release", "--package", library.package]);
    build.args(["--lib", "--crate-type", library.kinds]);
    build.arg("--target").arg(format!("{}{}", target.rust, target.version));
    let (mut flags, mut link) = (Vec::new(), Vec::new());
    if target.is_musl() {
        // By default, Rust builds static programs for musl, and no shared library.
        flags.push("-Ctarget-feature=-crt-static".to_owned());
    }
    if !target.is_linux() {
        build.env("CARGO_PROFILE_RELEASE_STRIP", "symbols");
    }
    if target.is_apple() {
        apple::configure(shell, zig, target.rust, &mut build, &mut flags)?;
        link.extend(["-install_name", library.install_name].map(str::to_owned));
    }
    if target.is_windows() {
        link.push(exports(shell, zig, target, library)?.display().to_string());
    }
    dist::make_reproducible_with(shell, &mut build, flags)?;
    // Only of the last crate: the others are the same for each library.
    build.arg("--").args(link.iter().map(|word| format!("-Clink-arg={word}")));
    shell.run(&mut build)?;
    Ok(shell.root.join(dist::FOLDER).join(target.rust).join("release"))
}

/// Assembles an object that exports the functions of the library, and returns its path. cargo-zigbuild does not pass on
/// Rust's list of exports, and without one, every symbol is exported.
fn exports(shell: &Shell, zig: &Zig, target: &Target, library: &Library) -> Result<PathBuf> {
    let folder = shell.root.join("target/native").join(target.rust);
    std::fs::create_dir_all(&folder)?;
    let name = format!("{}-exports", library.package);
    let (source, object) = (folder.join(format!("{name}.s")), folder.join(format!("{name}.o")));
    let names = library.exports.iter().map(|name| format!(".ascii \" -export:{name}\"\n"));
    std::fs::write(&source, format!(".section .drectve,\"yni\"\n{}", names.collect::<String>()))?;
    let mut assemble = zig.command(shell, "cc");
    shell.run(assemble.args(["-target", target.zig, "-c"]).arg(source).arg("-o").arg(&object))?;
    Ok(object)
}
