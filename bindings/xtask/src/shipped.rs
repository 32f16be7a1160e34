//! What a library that ships must be, read from the file itself: whatever built it, and with whatever flags.

use goblin::elf::Elf;
use goblin::elf::header::{EM_AARCH64, EM_X86_64};
use goblin::elf::program_header::PT_LOAD;

use crate::dist::{self, Platform};
use crate::hardened;
use crate::shell::{Done, Shell};

/// The newest glibc that a library may ask for: that of `manylinux_2_17`.
const GLIBC: [u32; 2] = [2, 17];

/// The largest pages of the phones and laptops on ARM: a library that is aligned to less is not loaded there.
const PAGE: u64 = 16 * 1024;

/// What every Linux with glibc has, and every one with musl.
const OF_GLIBC: [&str; 8] = [
    "ld-linux-aarch64.so.1",
    "ld-linux-x86-64.so.2",
    "libc.so.6",
    "libdl.so.2",
    "libgcc_s.so.1",
    "libm.so.6",
    "libpthread.so.0",
    "librt.so.1",
];
const OF_MUSL: [&str; 3] = ["libc.so", "libc.musl-aarch64.so.1", "libc.musl-x86_64.so.1"];

/// How the path of a crate's source begins on every machine, below the folder that cargo keeps them in.
const SOURCES: [&str; 2] = ["/registry/src/", "\\registry\\src\\"];

/// Fails with all that keeps this library from being shipped for this platform.
pub fn check(shell: &Shell, platform: &Platform, library: &[u8]) -> Done {
    let mut places: Vec<String> = dist::places(shell)?.into_iter().map(|(place, _)| place).collect();
    places.extend(SOURCES.map(str::to_owned));
    let mut faults = traces(library, &places);
    if platform.linux.is_some() {
        let library = Elf::parse(library)?;
        faults.extend(elf(platform, &library));
        faults.extend(hardened::faults(&library));
    }
    match faults.is_empty() {
        true => Ok(()),
        false => {
            Err(format!("the library for {} must not ship: {}", platform.target, faults.join("; ")).into())
        }
    }
}

/// What of the machine that built it stands in the library.
fn traces(library: &[u8], places: &[String]) -> Vec<String> {
    // As text, because the search for text is fast in every build; what is no text cannot be a part of a path.
    let library = String::from_utf8_lossy(library);
    let held = places.iter().filter(|place| library.contains(place.as_str()));
    held.map(|place| format!("it holds the path {place}")).collect()
}

fn elf(platform: &Platform, library: &Elf) -> Vec<String> {
    let mut faults = Vec::new();
    let arm = platform.target.starts_with("aarch64");
    if library.header.e_machine != if arm { EM_AARCH64 } else { EM_X86_64 } {
        faults.push("it is for another processor".to_owned());
    }
    let mut segments = library.program_headers.iter().filter(|header| header.p_type == PT_LOAD);
    if arm && segments.any(|segment| segment.p_align < PAGE) {
        faults.push(format!("its segments are aligned to less than {PAGE} bytes"));
    }
    let known: &[&str] = if platform.target.ends_with("musl") { &OF_MUSL } else { &OF_GLIBC };
    for needed in library.libraries.iter().filter(|name| !known.contains(name)) {
        faults.push(format!("it needs {needed}, which not every system has"));
    }
    for version in versions(library).filter(|version| newer(version)) {
        faults.push(format!("it needs {version}, and {}.{} is all it may", GLIBC[0], GLIBC[1]));
    }
    faults
}

/// The versions of symbols that the library asks others for.
fn versions<'a>(library: &'a Elf) -> impl Iterator<Item = &'a str> {
    let needs = library.verneed.iter().flat_map(|needs| needs.iter());
    let names = needs.flat_map(|need| need.iter().map(|version| version.vna_name).collect::<Vec<_>>());
    names.filter_map(|name| library.dynstrtab.get_at(name))
}

fn newer(version: &str) -> bool {
    let Some(numbers) = version.strip_prefix("GLIBC_") else { return false };
    let numbers: Vec<u32> = numbers.split('.').filter_map(|number| number.parse().ok()).collect();
    // A name without numbers, GLIBC_PRIVATE for one, is no promise to anybody.
    numbers.is_empty() || numbers.as_slice() > GLIBC.as_slice()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn newer_symbols_are_found() {
        for (version, found) in [
            ("GLIBC_2.2.5", false),
            ("GLIBC_2.17", false),
            ("GLIBC_2.18", true),
            ("GLIBC_2.34", true),
            ("GLIBC_PRIVATE", true),
            ("GCC_3.0", false),
        ] {
            assert_eq!(newer(version), found, "{version}");
        }
    }

    #[test]
    fn paths_are_found_wherever_they_stand() {
        let places = ["/home/someone/scalekit-rs".to_owned(), SOURCES[0].to_owned()];
        assert_eq!(traces(b"\0crates/ring-0.17.14/src/rsa.rs\0", &places), [""; 0]);
        let library = b"\x7fELF\0/home/someone/scalekit-rs/core/src/lib.rs\0";
        assert_eq!(traces(library, &places), ["it holds the path /home/someone/scalekit-rs"]);
        assert_eq!(
            traces(b"/cargo/registry/src/index/ring\0", &places),
            ["it holds the path /registry/src/"]
        );
    }

    /// This program itself: built for this machine and on it, with all that must not ship.
    #[test]
    #[cfg(target_os = "linux")]
    fn a_program_of_this_machine_would_not_pass() {
        let shell = Shell::new().unwrap();
        let program = std::fs::read(std::env::current_exe().unwrap()).unwrap();
        let [here, other] = match std::env::consts::ARCH {
            "x86_64" => ["x86_64-unknown-linux-gnu", "aarch64-unknown-linux-musl"],
            _ => ["aarch64-unknown-linux-gnu", "x86_64-unknown-linux-musl"],
        };
        let fault =
            |target| check(&shell, Platform::named(target).unwrap(), &program).unwrap_err().to_string();
        assert!(fault(here).contains("it holds the path "), "{}", fault(here));
        assert!(!fault(here).contains("another processor"), "{}", fault(here));
        assert!(fault(other).contains("it is for another processor"), "{}", fault(other));
        assert!(fault(other).contains("it needs libc.so.6"), "{}", fault(other));
    }
}
