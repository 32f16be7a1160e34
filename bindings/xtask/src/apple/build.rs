//! Builds the native library for a target as an archive: with zig as C compiler, or with Xcode on a Mac.

use std::path::{Path, PathBuf};
use std::process::Command;

use super::slice::{System, Target};
use crate::dist;
use crate::shell::{Missing, Result, Shell};
use crate::zig::Zig;

/// Flags for the C and the assembly of ring, which include no header of a C library but one.
const RING: &str = "-ffreestanding -nostdlibinc -DRING_CORE_NOSTDLIBINC=1 -O3 -g0";

/// Builds the archive of a target, and returns its path.
pub fn build(shell: &Shell, zig: &Zig, system: &System, target: &Target) -> Result<PathBuf> {
    let mut build = shell.command(env!("CARGO"));
    build.args(["rustc", "--locked", "--release", "--package", "scalekit-ffi", "--lib"]);
    build.args(["--crate-type", "staticlib", "--target", target.rust]);
    if !shell.succeeds(&["rustup", "target", "add", target.rust]) {
        build_std(shell, &mut build)?;
    }
    build.env(system.variable, system.oldest);
    if !cfg!(target_os = "macos") {
        with_zig(shell, zig, target.rust, target.zig, &mut build)?;
    }
    dist::make_reproducible_with(shell, &mut build, Vec::new())?;
    shell.run(&mut build)?;
    Ok(shell.root.join(dist::FOLDER).join(target.rust).join("release/libscalekit_ffi.a"))
}

/// Makes cargo build the standard library too, from its sources, for a target that cannot be installed.
fn build_std(shell: &Shell, build: &mut Command) -> Result {
    if !shell.succeeds(&["rustup", "component", "add", "rust-src"]) {
        return Err(Missing("neither the standard library nor its sources can be installed".into()).into());
    }
    build.arg("-Zbuild-std=std,panic_unwind").env("RUSTC_BOOTSTRAP", "1");
    Ok(())
}

/// Makes cargo compile the C of a target with zig, by their names of it.
pub fn with_zig(shell: &Shell, zig: &Zig, rust: &str, target: &str, build: &mut Command) -> Result {
    let variable = |name: &str| format!("{name}_{}", rust.replace('-', "_"));
    let headers = super::sdk(shell).join("usr/include");
    build.env("SDKROOT", super::sdk(shell));
    build.env(variable("CC"), zig.program(shell, "cc")?).env(variable("AR"), zig.program(shell, "ar")?);
    build.env(variable("CFLAGS"), format!("-target {target} {RING} -isystem {}", headers.display()));
    // Its own flags have Rust's name of the target, which zig does not know.
    build.env("CRATE_CC_NO_DEFAULTS", "1");
    Ok(())
}

/// Copies an archive without what only debuggers read, and renames the symbol that every Rust archive defines, so that
/// a program can contain several.
pub fn copy_without_conflicts(shell: &Shell, archive: &Path, to: &Path) -> Result {
    let mut copy = dist::rust_objcopy(shell)?;
    copy.args(["--strip-debug", "--redefine-sym", "_rust_eh_personality=_scalekit_eh_personality"]);
    // The bitcode of std, which tools of an older LLVM cannot read.
    copy.args(["--remove-section=__LLVM,__bitcode", "--remove-section=__LLVM,__cmdline"]);
    shell.run(copy.arg(archive).arg(to))
}
