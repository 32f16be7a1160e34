//! Checks that a built library may ship, from the file itself, independently of how it was built.

use goblin::elf::Elf;
use goblin::elf::header::{EM_AARCH64, EM_X86_64};
use goblin::elf::program_header::PT_LOAD;

use crate::dist::{self, Platform};
use crate::hardened;
use crate::shell::{Result, Shell};

/// The newest glibc that a library may require: that of `manylinux_2_17`.
const GLIBC: [u32; 2] = [2, 17];

/// The largest page size of ARM phones and laptops, which do not load a library that is aligned to less.
const PAGE_SIZE: u64 = 16 * 1024;

/// The libraries that every Linux with glibc has, and those of every Linux with musl.
const GLIBC_LIBRARIES: [&str; 8] = [
    "ld-linux-aarch64.so.1",
    "ld-linux-x86-64.so.2",
    "libc.so.6",
    "libdl.so.2",
    "libgcc_s.so.1",
    "libm.so.6",
    "libpthread.so.0",
    "librt.so.1",
];
const MUSL_LIBRARIES: [&str; 3] = ["libc.so", "libc.musl-aarch64.so.1", "libc.musl-x86_64.so.1"];

/// The part of the path of a crate's sources that is the same on every machine, on Unix and on Windows.
const CRATE_SOURCES: [&str; 2] = ["/registry/src/", "\\registry\\src\\"];

/// Fails with every reason why this library of the bindings must not ship for this platform.
pub fn check(shell: &Shell, platform: &Platform, library: &[u8]) -> Result {
    check_exports(shell, platform, library, &hardened::EXPORTS)
}

/// The same for a library that may export the symbols with these prefixes.
pub fn check_exports(shell: &Shell, platform: &Platform, library: &[u8], exports: &[&str]) -> Result {
    let mut problems = machine_paths(shell, library)?;
    if platform.linux.is_some() {
        let library = Elf::parse(library)?;
        problems.extend(elf(platform, &library));
        problems.extend(hardened::weaknesses(&library, exports));
    }
    match problems.is_empty() {
        true => Ok(()),
        false => {
            Err(format!("the library for {} must not ship: {}", platform.target, problems.join("; ")).into())
        }
    }
}

/// The paths of this machine that the library contains, in words.
pub fn machine_paths(shell: &Shell, library: &[u8]) -> Result<Vec<String>> {
    let mut paths: Vec<String> = dist::source_paths(shell)?.into_iter().map(|(path, _)| path).collect();
    paths.extend(CRATE_SOURCES.map(str::to_owned));
    Ok(build_paths(library, &paths))
}

/// The paths of the build machine that the library contains.
fn build_paths(library: &[u8], paths: &[String]) -> Vec<String> {
    // Text search is fast in every profile, and bytes that are not UTF-8 are not part of a path.
    let library = String::from_utf8_lossy(library);
    let contained = paths.iter().filter(|path| library.contains(path.as_str()));
    contained.map(|path| format!("it contains the path {path}")).collect()
}

fn elf(platform: &Platform, library: &Elf) -> Vec<String> {
    let mut problems = Vec::new();
    let arm = platform.target.starts_with("aarch64");
    if library.header.e_machine != if arm { EM_AARCH64 } else { EM_X86_64 } {
        problems.push("it is for another architecture".to_owned());
    }
    let mut segments = library.program_headers.iter().filter(|header| header.p_type == PT_LOAD);
    if arm && segments.any(|segment| segment.p_align < PAGE_SIZE) {
        problems.push(format!("its segments are aligned to less than {PAGE_SIZE} bytes"));
    }
    let known: &[&str] = if platform.target.ends_with("musl") { &MUSL_LIBRARIES } else { &GLIBC_LIBRARIES };
    for needed in library.libraries.iter().filter(|name| !known.contains(name)) {
        problems.push(format!("it requires {needed}, which not every system has"));
    }
    for version in required_versions(library).filter(|version| is_too_new(version)) {
        problems.push(format!("it requires {version}, newer than {}.{}", GLIBC[0], GLIBC[1]));
    }
    problems
}

/// The symbol versions that the library requires of other libraries.
fn required_versions<'a>(library: &'a Elf) -> impl Iterator<Item = &'a str> {
    let needs = library.verneed.iter().flat_map(|needs| needs.iter());
    let names = needs.flat_map(|need| need.iter().map(|version| version.vna_name).collect::<Vec<_>>());
    names.filter_map(|name| library.dynstrtab.get_at(name))
}

fn is_too_new(version: &str) -> bool {
    let Some(numbers) = version.strip_prefix("GLIBC_") else { return false };
    let numbers: Vec<u32> = numbers.split('.').filter_map(|number| number.parse().ok()).collect();
    // A version without numbers, such as GLIBC_PRIVATE, is not a stable interface.
    numbers.is_empty() || numbers.as_slice() > GLIBC.as_slice()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn glibc_after_2_17_is_rejected() {
        for (version, expected) in [
            ("GLIBC_2.2.5", false),
            ("GLIBC_2.17", false),
            ("GLIBC_2.18", true),
            ("GLIBC_2.34", true),
            ("GLIBC_PRIVATE", true),
            ("GCC_3.0", false),
        ] {
            assert_eq!(is_too_new(version), expected, "{version}");
        }
    }

    #[test]
    fn paths_of_the_build_machine_are_found() {
        let paths = ["/home/someone/scalekit-rs".to_owned(), CRATE_SOURCES[0].to_owned()];
        assert_eq!(build_paths(b"\0crates/ring-0.17.14/src/rsa.rs\0", &paths), [""; 0]);
        let library = b"\x7fELF\0/home/someone/scalekit-rs/core/src/lib.rs\0";
        assert_eq!(build_paths(library, &paths), ["it contains the path /home/someone/scalekit-rs"]);
        assert_eq!(
            build_paths(b"/cargo/registry/src/index/ring\0", &paths),
            ["it contains the path /registry/src/"]
        );
    }

    /// This test program is built without any measure for shipping.
    #[test]
    #[cfg(target_os = "linux")]
    fn a_program_built_for_this_machine_is_rejected() {
        let shell = Shell::new().unwrap();
        let program = std::fs::read(std::env::current_exe().unwrap()).unwrap();
        let [here, other] = match std::env::consts::ARCH {
            "x86_64" => ["x86_64-unknown-linux-gnu", "aarch64-unknown-linux-musl"],
            _ => ["aarch64-unknown-linux-gnu", "x86_64-unknown-linux-musl"],
        };
        let error =
            |target| check(&shell, Platform::named(target).unwrap(), &program).unwrap_err().to_string();
        assert!(error(here).contains("it contains the path "), "{}", error(here));
        assert!(!error(here).contains("another architecture"), "{}", error(here));
        assert!(error(other).contains("it is for another architecture"), "{}", error(other));
        assert!(error(other).contains("it requires libc.so.6"), "{}", error(other));
    }
}
