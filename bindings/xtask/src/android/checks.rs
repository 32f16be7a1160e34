//! Checks that a library for Android may ship, from the file itself, independently of what built it.

use std::collections::HashSet;
use std::path::Path;

use goblin::elf::Elf;
use goblin::elf::program_header::PT_LOAD;
use goblin::elf::sym::STB_WEAK;

use super::abi::{Abi, LIBRARY, MIN_SDK};
use super::bionic;
use crate::hardened;
use crate::shell::{Result, Shell};
use crate::shipped;

/// The page size of newer devices, which do not load a 64-bit library that is aligned to less.
pub const PAGE_SIZE: u64 = 16 * 1024;

/// The largest library.
const MAX_SIZE: usize = 6_000_000;

/// Fails with every reason why this library must not ship for this ABI.
pub fn check(shell: &Shell, abi: &Abi, path: &Path) -> Result {
    let bytes = std::fs::read(path)?;
    let elf = Elf::parse(&bytes)?;
    let mut problems = shipped::machine_paths(shell, &bytes)?;
    problems.extend(header(abi, &elf));
    problems.extend(imports(&elf, &available(shell, abi)?));
    problems.extend(hardened::weaknesses(&elf, &hardened::EXPORTS));
    if bytes.len() > MAX_SIZE {
        problems.push(format!("it has {} bytes, more than {MAX_SIZE}", bytes.len()));
    }
    if problems.is_empty() {
        return Ok(());
    }
    Err(format!("{} must not ship for {}: {}", path.display(), abi.name, problems.join("; ")).into())
}

/// The names of all symbols that bionic exports on the oldest supported version of Android.
fn available(shell: &Shell, abi: &Abi) -> Result<HashSet<String>> {
    let mut names = HashSet::new();
    for library in bionic::LIBRARIES {
        let symbols = bionic::symbols(&shell.root, library, abi.bionic_arch, MIN_SDK)?;
        names.extend(symbols.into_iter().map(|symbol| symbol.name));
    }
    Ok(names)
}

fn header(abi: &Abi, elf: &Elf) -> Vec<String> {
    let mut problems = Vec::new();
    if elf.header.e_machine != abi.machine {
        problems.push("it is for another processor".to_owned());
    }
    if elf.soname != Some(LIBRARY) {
        problems.push(format!("its name is {:?}, not {}", elf.soname, LIBRARY));
    }
    if abi.is_64_bit && smallest_alignment(elf) < PAGE_SIZE {
        problems.push(format!("its segments are aligned to less than {PAGE_SIZE} bytes"));
    }
    let is_known = |name: &&str| bionic::LIBRARIES.iter().any(|library| *name == format!("{library}.so"));
    let unknown = elf.libraries.iter().copied().filter(|name| !is_known(name));
    problems.extend(unknown.map(|name| format!("it requires {name}, which is not part of Android")));
    problems
}

/// The smallest alignment of the segments that are loaded.
pub fn smallest_alignment(elf: &Elf) -> u64 {
    let segments = elf.program_headers.iter().filter(|header| header.p_type == PT_LOAD);
    segments.map(|segment| segment.p_align).min().unwrap_or(0)
}

/// The symbols that the library requires and that `available` does not have. Weak ones may be missing.
fn imports(elf: &Elf, available: &HashSet<String>) -> Vec<String> {
    let required = elf.dynsyms.iter().filter(|symbol| symbol.is_import() && symbol.st_bind() != STB_WEAK);
    let names = required.filter_map(|symbol| elf.dynstrtab.get_at(symbol.st_name));
    let missing = names.filter(|name| !name.is_empty() && !available.contains(*name));
    missing.map(|name| format!("it requires the symbol {name}, which API {MIN_SDK} does not have")).collect()
}

#[cfg(all(test, target_os = "linux"))]
mod tests {
    use super::*;
    use std::process::Command;

    /// The bytes of a library that the system's compiler builds with these flags.
    fn built(name: &str, flags: &[&str]) -> Vec<u8> {
        let folder = std::env::temp_dir().join(format!("scalekit-android-{}-{name}", std::process::id()));
        std::fs::create_dir_all(&folder).unwrap();
        let (source, library) = (folder.join("it.c"), folder.join("it.so"));
        let text = "extern int puts(const char *); extern int getrandom(void *, long, int);\n\
                    extern int absent(void) __attribute__((weak));\n\
                    int uniffi_it(void) { return puts(\"\") + getrandom(0, 0, 0) + (absent ? absent() : 0); }\n";
        std::fs::write(&source, text).unwrap();
        let mut compiler = Command::new("cc");
        compiler.args(["-shared", "-fPIC", "-nostdlib", "-o"]).arg(&library).arg(&source).args(flags);
        assert!(compiler.status().unwrap().success(), "{name}");
        let bytes = std::fs::read(&library).unwrap();
        std::fs::remove_dir_all(&folder).unwrap();
        bytes
    }

    fn host_abi() -> &'static Abi {
        Abi::named(if cfg!(target_arch = "aarch64") { "arm64-v8a" } else { "x86_64" }).unwrap()
    }

    #[test]
    fn each_problem_of_the_header_is_reported() {
        const GOOD: [&str; 2] = ["-Wl,-soname,libscalekit_ffi.so", "-Wl,-z,max-page-size=16384"];
        let problems =
            |name: &str, flags: &[&str]| header(host_abi(), &Elf::parse(&built(name, flags)).unwrap());
        assert_eq!(problems("good", &GOOD), [""; 0]);
        for (name, flags, expected) in [
            ("soname", vec![GOOD[1]], "its name is None"),
            ("pages", vec![GOOD[0], "-Wl,-z,max-page-size=4096"], "aligned to less than 16384"),
            ("needed", [&GOOD[..], &["-Wl,--no-as-needed", "-lc"]].concat(), "it requires libc.so.6"),
        ] {
            let problems = problems(name, &flags);
            assert!(problems.len() == 1 && problems[0].contains(expected), "{name}: {problems:?}");
        }
        let bytes = built("processor", &GOOD);
        let other = header(Abi::named("x86").unwrap(), &Elf::parse(&bytes).unwrap());
        assert_eq!(other, ["it is for another processor"]);
    }

    #[test]
    fn symbols_after_the_oldest_api_level_are_rejected() {
        let bytes = built("imports", &[]);
        let available = available(&Shell::new().unwrap(), host_abi()).unwrap();
        assert_eq!(
            imports(&Elf::parse(&bytes).unwrap(), &available),
            ["it requires the symbol getrandom, which API 23 does not have"]
        );
    }
}
