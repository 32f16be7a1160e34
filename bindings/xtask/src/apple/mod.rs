//! Libraries for Apple's systems, built without Apple's tools.

use std::path::PathBuf;

use goblin::mach::MachO;
use goblin::mach::load_command::CommandVariant;

use crate::shell::{Result, Shell};

/// What of Apple's SDK the linker reads: the names of the functions that the library uses of the system.
const SDK: &str = "bindings/apple/sdk";

/// The libraries that every system has.
const SYSTEM: [&str; 5] = [
    "/System/Library/Frameworks/CoreFoundation.framework/Versions/A/CoreFoundation",
    "/System/Library/Frameworks/Security.framework/Versions/A/Security",
    "/usr/lib/libSystem.B.dylib",
    "/usr/lib/libiconv.2.dylib",
    "/usr/lib/libobjc.A.dylib",
];

/// The folder that stands for Apple's SDK.
pub fn sdk(shell: &Shell) -> PathBuf {
    shell.root.join(SDK)
}

/// The oldest macOS of a target: Rust's on Intel, and the first on ARM.
pub fn macos_version(target: &str) -> &'static str {
    if target.starts_with("aarch64") { "11.0" } else { "10.12" }
}

/// The reasons why a library for macOS must not ship. Its exported symbols have this prefix.
pub fn library_problems(library: &MachO, target: &str, exports: &str) -> Result<Vec<String>> {
    let mut problems = Vec::new();
    let name = library.name.unwrap_or_default();
    if !name.starts_with("@rpath/") {
        problems.push(format!("its install name is {name:?}, not below @rpath"));
    }
    // The first is the library itself.
    let required = library.libs.iter().filter(|required| !["self", name].contains(required));
    let unknown = required.filter(|required| !SYSTEM.contains(required));
    problems.extend(unknown.map(|required| format!("it requires {required}, which not every Mac has")));
    let prefix = format!("_{exports}");
    let names: Vec<_> = library.exports()?.into_iter().map(|export| export.name).collect();
    let strangers = names.iter().filter(|name| !name.starts_with(&prefix)).take(3);
    problems.extend(strangers.map(|name| format!("it exports the internal symbol {name}")));
    if names.is_empty() {
        problems.push("it exports nothing".to_owned());
    }
    let oldest = minimum_version(library);
    if oldest.as_deref() != Some(macos_version(target)) {
        problems.push(format!("it requires macOS {oldest:?}, not {}", macos_version(target)));
    }
    let is_signed = |command: &CommandVariant| matches!(command, CommandVariant::CodeSignature(_));
    if target.starts_with("aarch64") && !library.load_commands.iter().any(|it| is_signed(&it.command)) {
        problems.push("it has no signature, without which ARM Macs do not load it".to_owned());
    }
    Ok(problems)
}

/// The oldest version of the system, as the library declares it.
pub fn minimum_version(library: &MachO) -> Option<String> {
    let version = library.load_commands.iter().find_map(|it| match it.command {
        CommandVariant::BuildVersion(command) => Some(command.minos),
        CommandVariant::VersionMinMacosx(command) => Some(command.version),
        CommandVariant::VersionMinIphoneos(command) => Some(command.version),
        _ => None,
    })?;
    Some(format!("{}.{}", version >> 16, version >> 8 & 0xff))
}
