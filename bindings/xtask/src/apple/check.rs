//! Checks that the archive of a target may ship, from the file itself.

use std::collections::BTreeSet;

use goblin::archive::Archive;
use goblin::mach::load_command::CommandVariant;
use goblin::mach::symbols::{N_EXT, N_STAB, N_UNDF};
use goblin::mach::{MachO, constants::cputype::CpuType};

use super::slice::{System, Target};
use crate::shell::{Result, Shell};
use crate::shipped;

/// The symbol that every Rust archive defines.
const PERSONALITY: &str = "_rust_eh_personality";

/// The functions that Apple wants a reason for, by the category in the privacy manifest.
const REASONS: [(&str, &[&str]); 3] = [
    (
        "NSPrivacyAccessedAPICategoryFileTimestamp",
        &["_stat", "_fstat", "_lstat", "_fstatat", "_getattrlist", "_fgetattrlist", "_getattrlistat"],
    ),
    ("NSPrivacyAccessedAPICategorySystemBootTime", &["_mach_absolute_time"]),
    (
        "NSPrivacyAccessedAPICategoryDiskSpace",
        &["_statfs", "_fstatfs", "_statvfs", "_fstatvfs", "_getattrlistbulk"],
    ),
];

/// What an archive consists of.
#[derive(Debug, Default)]
pub struct Contents {
    defined: BTreeSet<String>,
    required: BTreeSet<String>,
    problems: Vec<String>,
}

/// Fails with every reason why this archive must not ship.
pub fn check(shell: &Shell, system: &System, target: &Target, archive: &[u8], manifest: &str) -> Result {
    let contents = read(system, target.cpu, archive)?;
    let mut problems = shipped::machine_paths(shell, archive)?;
    problems.extend(contents.problems.iter().cloned());
    if contents.defined.contains(PERSONALITY) {
        problems.push(format!("it defines {PERSONALITY}, as every Rust archive does"));
    }
    if !contents.defined.iter().any(|name| name.starts_with("_uniffi_")) {
        problems.push("it does not define the functions of the bindings".to_owned());
    }
    let reasons = missing_reasons(&contents.required, manifest);
    problems.extend(reasons.map(|category| format!("its privacy manifest lacks {category}")));
    match problems.is_empty() {
        true => Ok(()),
        false => {
            Err(format!("the archive for {} must not ship: {}", target.rust, problems.join("; ")).into())
        }
    }
}

fn read(system: &System, cpu: CpuType, bytes: &[u8]) -> Result<Contents> {
    let archive = Archive::parse(bytes)?;
    let mut contents = Contents::default();
    for index in 0..archive.len() {
        let Some(member) = archive.get_at(index) else { continue };
        let name = member.extended_name();
        // The table of symbols, whose format is that of the archive.
        if name.starts_with("__.SYMDEF") {
            continue;
        }
        let start = usize::try_from(member.offset)?;
        let object = &bytes[start..start + member.size()];
        let object = MachO::parse(object, 0).map_err(|e| format!("{name}: {e}"))?;
        contents.problems.extend(object_problems(&object, system, cpu).map(|it| format!("{name}: {it}")));
        symbols(&object, &mut contents)?;
    }
    let defined = &contents.defined;
    contents.required.retain(|name| !defined.contains(name));
    Ok(contents)
}

/// The problem of an object: another processor, another system, or a newer version of it.
fn object_problems<'a>(
    object: &MachO,
    system: &'a System,
    cpu: CpuType,
) -> impl Iterator<Item = String> + 'a {
    let processor = (object.header.cputype != cpu).then(|| "it is for another processor".to_owned());
    let version = build_version(object).and_then(|(platform, oldest)| match platform == system.number {
        true if oldest > number(system.oldest) => Some(format!("it requires {}", text(oldest))),
        true => None,
        false => Some(format!("it is for platform {platform}")),
    });
    processor.into_iter().chain(version)
}

/// The platform and its oldest version. Assembly may have none.
fn build_version(object: &MachO) -> Option<(u32, u32)> {
    object.load_commands.iter().find_map(|it| match it.command {
        CommandVariant::BuildVersion(command) => Some((command.platform, command.minos)),
        _ => None,
    })
}

/// A version as load commands have it: 16 bits, 8 bits, and 8 bits.
fn number(version: &str) -> u32 {
    let mut parts = version.split('.').map(|part| part.parse().unwrap_or(u32::MAX >> 16));
    parts.next().unwrap_or(0) << 16 | parts.next().unwrap_or(0) << 8
}

fn text(version: u32) -> String {
    format!("{}.{}", version >> 16, version >> 8 & 0xff)
}

fn symbols(object: &MachO, contents: &mut Contents) -> Result {
    for symbol in object.symbols() {
        let (name, symbol) = symbol?;
        if symbol.n_type & N_STAB != 0 || symbol.n_type & N_EXT == 0 {
            continue;
        }
        let is_undefined = symbol.get_type() == N_UNDF && symbol.n_value == 0;
        let names = if is_undefined { &mut contents.required } else { &mut contents.defined };
        names.insert(name.to_owned());
    }
    Ok(())
}

/// The categories of the functions that are required, and that the manifest does not give a reason for.
fn missing_reasons<'a>(
    required: &'a BTreeSet<String>,
    manifest: &'a str,
) -> impl Iterator<Item = &'static str> + 'a {
    // Intel's names have a suffix: `_fstat$INODE64`.
    let is_required = |name: &&str| required.iter().any(|it| it.split('$').next() == Some(*name));
    REASONS
        .iter()
        .filter(move |(_, names)| names.iter().any(&is_required))
        .map(|(category, _)| *category)
        .filter(|category| !manifest.contains(category))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn functions_of_the_system_need_a_reason() {
        let required = ["_fstat$INODE64", "_malloc"].map(str::to_owned).into();
        let missing = |manifest| missing_reasons(&required, manifest).collect::<Vec<_>>();
        assert_eq!(missing("<array/>"), ["NSPrivacyAccessedAPICategoryFileTimestamp"]);
        assert_eq!(missing("NSPrivacyAccessedAPICategoryFileTimestamp"), [""; 0]);
    }

    #[test]
    fn versions_are_compared_by_number() {
        assert!(number("9.3") < number("16.0") && number("16.0") < number("16.4"));
        assert_eq!(text(number("16.4")), "16.4");
    }
}
