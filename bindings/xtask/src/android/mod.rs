//! Android: the native libraries and the AAR, `cargo xtask aar`.

mod aapt2;
mod aar;
pub mod abi;
mod app;
mod bionic;
mod checks;
mod contents;
mod device;
mod framework;
mod host;
mod library;
mod pom;
mod resources;
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

pub use aar::{COMBINED as SBOM, MIN_SDK as CLASSES_MIN_SDK};

/// What is checked of the AAR that is built.
const CHECKS: [Step; 9] = [
    ("contents", contents),
    ("jna", shrink::check_jna),
    ("api", shrink::check_api),
    ("shrink", shrink::check),
    ("resources", resources::check),
    ("app", app::check),
    ("device", device::check),
    ("host", host::check),
    ("host-arm64", host::check_arm64),
];

/// How the libraries for ARM run as on a device.
const UNIDBG: &str = "calls without network, in unidbg with the C library of API 23";

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
            host::check(shell)?;
            Ok("tests of the Python package, with stand-ins for bionic".into())
        }
        "arm64-v8a" => {
            device::run(shell, abi)?;
            host::check_arm64(shell)?;
            Ok(format!("{UNIDBG}; tests of the Python package under QEMU, with stand-ins for bionic"))
        }
        "x86" => Err(Missing("nothing here runs it".into()).into()),
        _ => {
            device::run(shell, abi)?;
            Ok(UNIDBG.into())
        }
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

/// Checks that the libraries which are already built may ship.
pub fn check_libraries(shell: &Shell) -> Result {
    let built: Vec<_> = ABIS.iter().filter(|abi| library::path(shell, abi).exists()).collect();
    if built.is_empty() {
        eprintln!("no library for Android is built: none is checked");
    }
    for abi in built {
        checks::check(shell, abi, &library::path(shell, abi))?;
        eprintln!("{}: may ship", abi.name);
    }
    Ok(())
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_libraries_that_are_built_are_checked() {
        let root = std::env::temp_dir().join(format!("scalekit-android-gate-{}", std::process::id()));
        let shell = Shell { root: root.clone(), ci: false };
        assert!(check_libraries(&shell).is_ok());
        let library = library::path(&shell, Abi::named("x86").unwrap());
        std::fs::create_dir_all(library.parent().unwrap()).unwrap();
        std::fs::write(&library, "not a library").unwrap();
        let result = check_libraries(&shell);
        std::fs::remove_dir_all(&root).unwrap();
        assert!(result.is_err());
    }
}
