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
    problems.extend(library_problems(target, &bytes, &[EXPORTS], &["scalekit_version".to_owned()])?);
    if problems.is_empty() {
        return Ok(());
    }
    Err(format!("the library for {} must not ship: {}", target.rust, problems.join("; ")).into())
}

/// The reasons why a library for Windows or macOS must not ship. Its exported symbols have one of these prefixes, and the
/// required ones are among them.
pub fn library_problems(
    target: &Target,
    bytes: &[u8],
    prefixes: &[&str],
    required: &[String],
) -> Result<Vec<String>> {
    let (mut problems, exports) = if target.is_windows() {
        let library = PE::parse(bytes)?;
        let names = library.exports.iter().filter_map(|export| export.name.map(str::to_owned));
        (windows(&library), names.collect::<Vec<_>>())
    } else {
        let library = MachO::parse(bytes, 0)?;
        (apple::library_problems(&library, target.rust)?, apple::exports(&library)?)
    };
    problems.extend(export_problems(&exports, prefixes, required));
    Ok(problems)
}

fn windows(library: &PE) -> Vec<String> {
    let required = library.libraries.iter().map(|name| name.to_lowercase());
    let unknown =
        required.filter(|name| !DLLS.contains(&name.as_str()) && !name.starts_with("api-ms-win-crt-"));
    unknown.map(|name| format!("it requires {name}, which not every Windows has")).collect()
}

/// The first exports that are not expected, and the first expected ones that are missing.
fn export_problems(exports: &[String], prefixes: &[&str], required: &[String]) -> Vec<String> {
    let is_ours = |name: &&String| prefixes.iter().any(|prefix| name.starts_with(prefix));
    let internal = exports.iter().filter(|name| !is_ours(name)).take(3);
    let missing = required.iter().filter(|name| !exports.contains(name)).take(3);
    let internal = internal.map(|name| format!("it exports the internal symbol {name}"));
    internal.chain(missing.map(|name| format!("it does not export {name}"))).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn internal_and_missing_exports_are_reported() {
        let exports = ["scalekit_call", "ring_core_0_17"].map(str::to_owned);
        let required = ["scalekit_call", "scalekit_version"].map(str::to_owned);
        assert_eq!(
            export_problems(&exports, &[EXPORTS], &required),
            ["it exports the internal symbol ring_core_0_17", "it does not export scalekit_version"]
        );
        assert_eq!(export_problems(&exports[..1], &[EXPORTS], &required[..1]), [""; 0]);
    }
}
