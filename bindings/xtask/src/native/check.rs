//! Checks that the libraries of an archive may ship, from the files themselves.

use std::path::Path;

use goblin::elf::Elf;
use goblin::mach::MachO;
use goblin::pe::PE;

use super::target::Target;
use crate::apple;
use crate::c::library::ABI;
use crate::dist::Platform;
use crate::shell::{Result, Shell};
use crate::shipped;

/// The prefix of the symbols that the library exports.
const EXPORTS: &str = "scalekit_";

/// The DLLs that every Windows since 10 has.
const DLLS: [&str; 11] = [
    "advapi32.dll",
    "api-ms-win-core-synch-l1-2-0.dll",
    "bcrypt.dll",
    "bcryptprimitives.dll",
    "crypt32.dll",
    "kernel32.dll",
    "msvcrt.dll",
    "ntdll.dll",
    "secur32.dll",
    "userenv.dll",
    "ws2_32.dll",
];

/// Fails with every reason why the libraries in `prefix` must not ship.
pub fn check(shell: &Shell, target: &Target, prefix: &Path) -> Result {
    if target.is_linux() {
        let bytes = std::fs::read(prefix.join("lib/libscalekit.so"))?;
        let name = format!("libscalekit.so.{ABI}");
        if Elf::parse(&bytes)?.soname != Some(&name) {
            return Err(format!("the library for {} is not named {name}", target.rust).into());
        }
        return shipped::check_exports(shell, Platform::named(target.rust)?, &bytes, &[EXPORTS]);
    }
    let path = prefix.join(if target.is_windows() { "bin/scalekit.dll" } else { "lib/libscalekit.0.dylib" });
    let bytes = std::fs::read(path)?;
    let mut problems = shipped::machine_paths(shell, &bytes)?;
    if target.is_windows() {
        problems.extend(windows(&PE::parse(&bytes)?));
    } else {
        problems.extend(apple::library_problems(&MachO::parse(&bytes, 0)?, target.rust, EXPORTS)?);
    }
    if problems.is_empty() {
        return Ok(());
    }
    Err(format!("the library for {} must not ship: {}", target.rust, problems.join("; ")).into())
}

fn windows(library: &PE) -> Vec<String> {
    let mut problems = strangers(library.exports.iter().filter_map(|export| export.name));
    if !library.exports.iter().any(|export| export.name == Some("scalekit_version")) {
        problems.push("it does not export scalekit_version".to_owned());
    }
    let required = library.libraries.iter().map(|name| name.to_lowercase());
    let unknown =
        required.filter(|name| !DLLS.contains(&name.as_str()) && !name.starts_with("api-ms-win-crt-"));
    problems.extend(unknown.map(|name| format!("it requires {name}, which not every Windows has")));
    problems
}

fn strangers<'a>(exports: impl Iterator<Item = &'a str>) -> Vec<String> {
    let unexpected = exports.filter(|name| !name.starts_with(EXPORTS)).take(3);
    unexpected.map(|name| format!("it exports the internal symbol {name}")).collect()
}
