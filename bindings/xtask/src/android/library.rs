//! Builds the native library for an ABI.

use std::path::PathBuf;

use super::abi::{Abi, LIBRARY};
use super::checks;
use super::toolchain::Toolchain;
use crate::dist;
use crate::shell::{Result, Shell};

/// The folder of the libraries, with a folder for each ABI.
pub const OUT: &str = "target/package/android/jni";

/// Builds the library of an ABI, checks that it may ship, and returns its path.
pub fn build(shell: &Shell, toolchain: &Toolchain, abi: &Abi) -> Result<PathBuf> {
    dist::add_target(shell, abi.rust_target)?;
    let mut build = shell.command(env!("CARGO"));
    build.args(["rustc", "--locked", "--release", "--package", "scalekit-ffi", "--lib"]);
    build.args(["--crate-type", "cdylib", "--target", abi.rust_target]);
    toolchain.configure(shell, abi, &mut build)?;
    shell.run(&mut build)?;
    let built = shell.root.join(dist::FOLDER).join(abi.rust_target).join("release").join(LIBRARY);
    let library = path(shell, abi);
    std::fs::create_dir_all(library.parent().ok_or("the library has no folder")?)?;
    std::fs::copy(built, &library)?;
    dist::strip(shell, &library)?;
    checks::check(shell, abi, &library)?;
    Ok(library)
}

/// The path of the library of an ABI, whether it is built or not.
pub fn path(shell: &Shell, abi: &Abi) -> PathBuf {
    shell.root.join(OUT).join(abi.name).join(LIBRARY)
}
