//! What makes a library a harder target, read from the built file: the loader is told all of it there.
//!
//! Marks for the processor (CET on x86-64, BTI on ARM) are not asked for: stable Rust does not write them, and its
//! standard library comes without, so that the loader would not turn them on.

use goblin::elf::Elf;
use goblin::elf::dynamic::{DF_1_NOW, DF_BIND_NOW, DF_TEXTREL, DT_RPATH, DT_RUNPATH, DT_TEXTREL};
use goblin::elf::program_header::{PF_W, PF_X, PT_GNU_RELRO, PT_GNU_STACK};
use goblin::elf::sym::STB_LOCAL;

use crate::build;
use crate::shell::{Done, Shell};

/// How the names begin that the library shows to others: UniFFI's calls, its descriptions of them, and the name by
/// which one crate keeps the other's.
const OURS: [&str; 4] = ["uniffi_", "ffi_", "UNIFFI_META_", "scalekit_uniffi_reexport_hack"];

/// Checks the library of each profile that is built here, as far as this system's libraries are ELF.
pub fn check(shell: &Shell) -> Done {
    let profiles = ["release", "debug"].map(|profile| build::target(shell).join(profile));
    let built = profiles.map(|folder| folder.join(build::library_name()));
    for library in built.iter().filter(|library| cfg!(target_os = "linux") && library.exists()) {
        let faults = faults(&Elf::parse(&std::fs::read(library)?)?);
        if !faults.is_empty() {
            return Err(format!("{}: {}", library.display(), faults.join("; ")).into());
        }
        eprintln!("{} is hardened", library.display());
    }
    Ok(())
}

/// What is amiss with it.
pub fn faults(library: &Elf) -> Vec<String> {
    let mut faults = segments(library);
    faults.extend(loading(library));
    let strange = shown(library).filter(|name| !OURS.iter().any(|ours| name.starts_with(ours)));
    faults.extend(strange.take(3).map(|name| format!("it shows {name}, which is nobody else's business")));
    faults
}

/// Memory is written or run, never both; and what the loader has filled in is not written again.
fn segments(library: &Elf) -> Vec<String> {
    let mut faults = Vec::new();
    let headers = &library.program_headers;
    if headers.iter().any(|header| header.p_flags & (PF_W | PF_X) == PF_W | PF_X) {
        faults.push("some of its memory can be written and run".to_owned());
    }
    if !headers.iter().any(|header| header.p_type == PT_GNU_STACK) {
        faults.push("it does not say that the stack is not to be run".to_owned());
    }
    if !headers.iter().any(|header| header.p_type == PT_GNU_RELRO) {
        faults.push("its tables of addresses stay writable".to_owned());
    }
    faults
}

/// What the loader is asked for.
fn loading(library: &Elf) -> Vec<String> {
    let mut faults = Vec::new();
    let Some(dynamic) = &library.dynamic else { return vec!["it is no library to be loaded".to_owned()] };
    let info = &dynamic.info;
    if info.flags & DF_BIND_NOW == 0 && info.flags_1 & DF_1_NOW == 0 {
        faults
            .push("addresses are looked up at the first call, so that their table stays writable".to_owned());
    }
    let has = |wanted| dynamic.dyns.iter().any(|entry| entry.d_tag == wanted);
    if has(DT_RPATH) || has(DT_RUNPATH) {
        faults.push("it brings a path to look for libraries".to_owned());
    }
    if has(DT_TEXTREL) || info.flags & DF_TEXTREL != 0 {
        faults.push("its code is changed when it is loaded".to_owned());
    }
    faults
}

/// The names that it shows to whoever loads it.
fn shown<'a>(library: &'a Elf) -> impl Iterator<Item = &'a str> {
    let symbols =
        library.dynsyms.iter().filter(|symbol| !symbol.is_import() && symbol.st_bind() != STB_LOCAL);
    symbols.filter_map(|symbol| library.dynstrtab.get_at(symbol.st_name))
}

#[cfg(all(test, target_os = "linux"))]
mod tests {
    use super::*;
    use std::process::Command;

    /// A library that the system's compiler makes with these flags.
    fn made(name: &str, flags: &[&str]) -> Vec<String> {
        let folder = std::env::temp_dir().join(format!("scalekit-hardened-{}-{name}", std::process::id()));
        std::fs::create_dir_all(&folder).unwrap();
        let (source, library) = (folder.join("it.c"), folder.join("it.so"));
        let text = "extern int puts(const char *); int uniffi_it(void) { return puts(\"it\"); }\n\
                    __attribute__((visibility(SEEN))) int helper(void) { return 0; }\n";
        std::fs::write(&source, text).unwrap();
        let mut compiler = Command::new("cc");
        compiler.args(["-shared", "-fPIC", "-Wl,-z,relro", "-nostartfiles", "-o"]).arg(&library).arg(&source);
        let done = compiler.args(flags).status().unwrap();
        assert!(done.success(), "{name}");
        let faults = faults(&Elf::parse(&std::fs::read(&library).unwrap()).unwrap());
        std::fs::remove_dir_all(&folder).unwrap();
        faults
    }

    #[test]
    fn each_weakness_is_found() {
        const HIDDEN: &str = "-DSEEN=\"hidden\"";
        const NOW: &str = "-Wl,-z,now";
        assert_eq!(made("good", &[HIDDEN, NOW]), [""; 0]);
        for (name, flags, fault) in [
            ("lazy", [HIDDEN, "-Wl,-z,lazy"], "looked up at the first call"),
            ("stack", [HIDDEN, "-Wl,-z,now,-z,execstack"], "written and run"),
            ("relro", [HIDDEN, "-Wl,-z,now,-z,norelro"], "stay writable"),
            ("rpath", [HIDDEN, "-Wl,-z,now,-rpath,/tmp"], "a path to look for libraries"),
            ("shown", ["-DSEEN=\"default\"", NOW], "it shows helper"),
        ] {
            let faults = made(name, &flags);
            assert!(faults.len() == 1 && faults[0].contains(fault), "{name}: {faults:?}");
        }
    }
}
