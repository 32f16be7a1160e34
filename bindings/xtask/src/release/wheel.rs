//! Wheels for any platform. That of a platform whose own tools are not here consists of the modules of this machine's wheel
//! and a library that zig has linked.

use std::path::{Path, PathBuf};

use goblin::elf::Elf;

use crate::dist::{self, Platform};
use crate::files;
use crate::hardened;
use crate::native::build::{self as library, Library};
use crate::native::check;
use crate::native::target::Target;
use crate::python::wheels;
use crate::shell::{Missing, Result, Shell};
use crate::shipped;
use crate::zig::Zig;

/// The folder of the library in a wheel.
const NATIVE: &str = "scalekit_rs/_native";

/// The symbols of the metadata, which only the generator reads.
const METADATA: &str = "UNIFFI_META_";

/// Builds the wheel of a target, checks that it may ship, and returns its path.
pub fn build(shell: &Shell, target: &Target) -> Result<PathBuf> {
    let has_own_tools = target.is_linux() || (target.is_apple() && cfg!(target_os = "macos"));
    if has_own_tools { wheels::build(shell, Platform::named(target.rust)?) } else { foreign(shell, target) }
}

fn foreign(shell: &Shell, target: &Target) -> Result<PathBuf> {
    let here = Platform::host(shell)?;
    if here.linux.is_none() {
        return Err(Missing(format!("a wheel for {} is built on Linux", target.rust)).into());
    }
    let venv = wheels::tools(shell)?;
    let base = wheels::build(shell, here)?;
    let folder = wheels::unpack(shell, &venv, &base, &wheels::work(shell, target.rust).join("open"))?;
    let native = folder.join(NATIVE);
    let replaced = std::fs::read(native.join(here.library_name()))?;
    let library = Library {
        package: "scalekit-ffi",
        kinds: "cdylib",
        install_name: "@rpath/libscalekit_ffi.dylib",
        exports: functions(&Elf::parse(&replaced)?),
    };
    let name = if target.is_windows() { "scalekit_ffi.dll" } else { "libscalekit_ffi.dylib" };
    let built = library::run(shell, &Zig::install(shell)?, target, &library)?.join(name);
    check(shell, target, &built, &library.exports)?;
    std::fs::remove_file(native.join(here.library_name()))?;
    std::fs::copy(built, native.join(name))?;
    retag(&folder, &tag(target))?;
    wheels::finish(shell, &venv, target.rust, &folder)
}

/// The functions of the library, by the one that is known to be complete.
fn functions(library: &Elf) -> Vec<String> {
    let defined = library.dynsyms.iter().filter(|symbol| !symbol.is_import());
    let names = defined.filter_map(|symbol| library.dynstrtab.get_at(symbol.st_name));
    let is_function = |name: &&str| {
        !name.starts_with(METADATA) && hardened::EXPORTS.iter().any(|prefix| name.starts_with(prefix))
    };
    let mut names: Vec<_> = names.filter(is_function).map(str::to_owned).collect();
    names.sort();
    names
}

/// Fails with every reason why the library must not ship.
fn check(shell: &Shell, target: &Target, library: &Path, functions: &[String]) -> Result {
    let bytes = std::fs::read(library).map_err(|e| format!("{}: {e}", library.display()))?;
    let mut problems = shipped::machine_paths(shell, &bytes)?;
    problems.extend(check::library_problems(target, &bytes, &hardened::EXPORTS, functions)?);
    match problems.is_empty() {
        true => Ok(()),
        false => {
            Err(format!("the library for {} must not ship: {}", target.rust, problems.join("; ")).into())
        }
    }
}

/// The platform of a wheel, in its name and metadata.
fn tag(target: &Target) -> String {
    if target.is_windows() {
        return "win_amd64".into();
    }
    let arch = if target.rust.starts_with("aarch64") { "arm64" } else { "x86_64" };
    format!("macosx_{}_{arch}", dist::macos_version(target.rust).replace('.', "_"))
}

/// Replaces the platforms of an unpacked wheel.
fn retag(folder: &Path, tag: &str) -> Result {
    let path = files::single(folder, ".dist-info")?.join("WHEEL");
    Ok(std::fs::write(&path, retagged(&std::fs::read_to_string(&path)?, tag)?)?)
}

fn retagged(metadata: &str, tag: &str) -> Result<String> {
    let (tags, others): (Vec<_>, Vec<_>) = metadata.lines().partition(|line| line.starts_with("Tag: "));
    let (first, _) = tags.first().and_then(|tag| tag.rsplit_once('-')).ok_or("the wheel has no tag")?;
    let others: String =
        others.iter().filter(|line| !line.is_empty()).map(|line| format!("{line}\n")).collect();
    Ok(format!("{others}{first}-{tag}\n"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn all_tags_of_a_wheel_are_replaced_by_one() {
        let metadata = "Wheel-Version: 1.0\nRoot-Is-Purelib: false\nTag: py3-none-manylinux_2_17_x86_64\n\
                        Tag: py3-none-manylinux2014_x86_64\n\n";
        let expected = "Wheel-Version: 1.0\nRoot-Is-Purelib: false\nTag: py3-none-win_amd64\n";
        assert_eq!(retagged(metadata, "win_amd64").unwrap(), expected);
        assert!(retagged("Wheel-Version: 1.0\n", "win_amd64").is_err());
    }

    #[test]
    fn tags_state_the_oldest_system() {
        for (target, expected) in [
            ("x86_64-apple-darwin", "macosx_10_14_x86_64"),
            ("aarch64-apple-darwin", "macosx_11_0_arm64"),
            ("x86_64-pc-windows-gnu", "win_amd64"),
        ] {
            assert_eq!(tag(Target::named(target).unwrap()), expected);
        }
    }
}
