//! Android: the native libraries and the AAR, `cargo xtask aar`.

mod aar;
pub mod abi;
mod bionic;
mod checks;
mod contents;
mod device;
mod host;
mod library;
mod pom;
mod shrink;
mod stubs;
mod toolchain;
mod unversion;
mod unwind;

use std::path::{Path, PathBuf};

use abi::{ABIS, Abi};
use toolchain::Toolchain;

use crate::report::{self, Step};
use crate::shell::{Missing, Result, Shell};

pub use aar::{MIN_SDK as CLASSES_MIN_SDK, sbom};

/// What is checked of the AAR that is built.
const CHECKS: [Step; 6] = [
    ("contents", contents),
    ("jna", shrink::check_jna),
    ("api", shrink::check_api),
    ("shrink", shrink::check),
    ("device", device::check),
    ("host", host::check),
];

/// Builds the libraries of these ABIs; or of all, and the AAR.
pub fn run(shell: &Shell, names: &[&str]) -> Result {
    let abis = names.iter().map(|name| Abi::named(name)).collect::<Result<Vec<_>>>()?;
    let toolchain = Toolchain::find(shell)?;
    let all: Vec<_> = ABIS.iter().collect();
    for abi in if abis.is_empty() { &all } else { &abis } {
        print(shell, &library::build(shell, &toolchain, abi)?)?;
    }
    eprintln!("\nbuilt with {}", toolchain.name());
    if abis.is_empty() { package(shell) } else { Ok(()) }
}

/// Builds the library of an ABI, and returns its path.
pub fn build(shell: &Shell, name: &str) -> Result<PathBuf> {
    library::build(shell, &Toolchain::find(shell)?, Abi::named(name)?)
}

/// Runs the library of an ABI, and returns how.
pub fn run_library(shell: &Shell, name: &str) -> Result<String> {
    let abi = Abi::named(name)?;
    match name {
        "x86_64" => {
            host::check(shell).map(|()| "tests of the Python package, with stand-ins for bionic".into())
        }
        "x86" => Err(Missing("nothing here runs it".into()).into()),
        _ => device::run(shell, abi)
            .map(|()| "calls without network, in unidbg with the C library of API 23".into()),
    }
}

/// `cargo xtask aar package`: assembles the AAR of the libraries that are built.
pub fn package(shell: &Shell) -> Result {
    print(shell, &aar::build(shell)?)?;
    contents(shell)
}

/// `cargo xtask aar check [CHECK]…`: checks and runs what is built.
pub fn check(shell: &Shell, names: &[&str]) -> Result {
    report::run_steps(shell, "check", &CHECKS, names)
}

/// The files to publish.
pub fn files(shell: &Shell) -> Vec<PathBuf> {
    ["aar", "pom"].map(|ending| shell.root.join(aar::OUT).join(aar::file_name(ending))).into()
}

/// Checks what the AAR contains, and leaves it unpacked for the other checks.
fn contents(shell: &Shell) -> Result {
    contents::check(shell, &shell.root.join(aar::OUT).join(aar::file_name("aar")))
}

fn print(shell: &Shell, path: &Path) -> Result {
    let size = std::fs::metadata(path)?.len();
    println!("{size:>10} bytes  {}", path.strip_prefix(&shell.root).unwrap_or(path).display());
    Ok(())
}
