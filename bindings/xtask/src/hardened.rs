//! Checks the hardening of a built library, as its ELF headers declare it to the loader.
//!
//! Control-flow protection (CET on x86-64, BTI on ARM) is not required: stable Rust does not emit its marks, and the
//! standard library is built without them, so that the loader would not enable it.

use goblin::elf::Elf;
use goblin::elf::dynamic::{DF_1_NOW, DF_BIND_NOW, DF_TEXTREL, DT_RPATH, DT_RUNPATH, DT_TEXTREL};
use goblin::elf::program_header::{PF_W, PF_X, PT_GNU_RELRO, PT_GNU_STACK};
use goblin::elf::sym::STB_LOCAL;

use crate::build;
use crate::shell::{Result, Shell};

/// The prefixes of the symbols that the library exports: UniFFI's functions, their metadata, the functions that call
/// them for the Kotlin package, and the symbol by which one crate keeps those of the other.
pub const EXPORTS: [&str; 5] =
    ["uniffi_", "ffi_", "UNIFFI_META_", "scalekit_ffi_", "scalekit_uniffi_reexport_hack"];

/// Checks the library of each profile that is already built. Only on Linux, whose libraries are ELF files.
pub fn check(shell: &Shell) -> Result {
    let profiles = ["release", "debug"].map(|profile| build::target(shell).join(profile));
    let built = profiles.map(|folder| folder.join(build::library_name()));
    for library in built.iter().filter(|library| cfg!(target_os = "linux") && library.exists()) {
        let weaknesses = weaknesses(&Elf::parse(&std::fs::read(library)?)?, &EXPORTS);
        if !weaknesses.is_empty() {
            return Err(format!("{}: {}", library.display(), weaknesses.join("; ")).into());
        }
        eprintln!("{} is hardened", library.display());
    }
    Ok(())
}

/// The missing hardening of a library, in words. `expected` are the prefixes of the symbols that it may export.
pub fn weaknesses(library: &Elf, expected: &[&str]) -> Vec<String> {
    let mut weaknesses = segments(library);
    weaknesses.extend(dynamic_section(library));
    let unexpected = exports(library).filter(|name| !expected.iter().any(|prefix| name.starts_with(prefix)));
    weaknesses.extend(unexpected.take(3).map(|name| format!("it exports the internal symbol {name}")));
    weaknesses
}

/// Memory must not be both writable and executable, and relocated tables must become read-only.
fn segments(library: &Elf) -> Vec<String> {
    let mut weaknesses = Vec::new();
    let headers = &library.program_headers;
    if headers.iter().any(|header| header.p_flags & (PF_W | PF_X) == PF_W | PF_X) {
        weaknesses.push("a segment is writable and executable".to_owned());
    }
    if !headers.iter().any(|header| header.p_type == PT_GNU_STACK) {
        weaknesses.push("the stack is not marked as not executable".to_owned());
    }
    if !headers.iter().any(|header| header.p_type == PT_GNU_RELRO) {
        weaknesses.push("its relocation tables remain writable (no RELRO)".to_owned());
    }
    weaknesses
}

/// Symbols must be bound at load time, and libraries be searched for in system folders only.
fn dynamic_section(library: &Elf) -> Vec<String> {
    let mut weaknesses = Vec::new();
    let Some(dynamic) = &library.dynamic else { return vec!["it is not a shared library".to_owned()] };
    let info = &dynamic.info;
    if info.flags & DF_BIND_NOW == 0 && info.flags_1 & DF_1_NOW == 0 {
        weaknesses.push("symbols are bound lazily, so that their table remains writable".to_owned());
    }
    let has = |wanted| dynamic.dyns.iter().any(|entry| entry.d_tag == wanted);
    if has(DT_RPATH) || has(DT_RUNPATH) {
        weaknesses.push("it has a search path for libraries (RPATH, RUNPATH)".to_owned());
    }
    if has(DT_TEXTREL) || info.flags & DF_TEXTREL != 0 {
        weaknesses.push("its code is relocated at load time (TEXTREL)".to_owned());
    }
    weaknesses
}

/// The symbols that the library exports.
fn exports<'a>(library: &'a Elf) -> impl Iterator<Item = &'a str> {
    let symbols =
        library.dynsyms.iter().filter(|symbol| !symbol.is_import() && symbol.st_bind() != STB_LOCAL);
    symbols.filter_map(|symbol| library.dynstrtab.get_at(symbol.st_name))
}

#[cfg(all(test, target_os = "linux"))]
mod tests {
    use super::*;
    use std::process::Command;

    /// The weaknesses of a library that the system's compiler builds with these flags.
    fn weaknesses_with(name: &str, flags: &[&str]) -> Vec<String> {
        let folder = std::env::temp_dir().join(format!("scalekit-hardened-{}-{name}", std::process::id()));
        std::fs::create_dir_all(&folder).unwrap();
        let (source, library) = (folder.join("it.c"), folder.join("it.so"));
        let text = "extern int puts(const char *); int uniffi_it(void) { return puts(\"it\"); }\n\
                    __attribute__((visibility(VISIBILITY))) int helper(void) { return 0; }\n";
        std::fs::write(&source, text).unwrap();
        let mut compiler = Command::new("cc");
        compiler.args(["-shared", "-fPIC", "-Wl,-z,relro", "-nostartfiles", "-o"]).arg(&library).arg(&source);
        let status = compiler.args(flags).status().unwrap();
        assert!(status.success(), "{name}");
        let weaknesses = weaknesses(&Elf::parse(&std::fs::read(&library).unwrap()).unwrap(), &EXPORTS);
        std::fs::remove_dir_all(&folder).unwrap();
        weaknesses
    }

    #[test]
    fn each_weakness_is_reported() {
        const HIDDEN: &str = "-DVISIBILITY=\"hidden\"";
        const NOW: &str = "-Wl,-z,now";
        assert_eq!(weaknesses_with("good", &[HIDDEN, NOW]), [""; 0]);
        for (name, flags, expected) in [
            ("lazy", [HIDDEN, "-Wl,-z,lazy"], "bound lazily"),
            ("stack", [HIDDEN, "-Wl,-z,now,-z,execstack"], "writable and executable"),
            ("relro", [HIDDEN, "-Wl,-z,now,-z,norelro"], "remain writable"),
            ("rpath", [HIDDEN, "-Wl,-z,now,-rpath,/tmp"], "a search path for libraries"),
            ("exports", ["-DVISIBILITY=\"default\"", NOW], "it exports the internal symbol helper"),
        ] {
            let weaknesses = weaknesses_with(name, &flags);
            assert!(weaknesses.len() == 1 && weaknesses[0].contains(expected), "{name}: {weaknesses:?}");
        }
    }
}
