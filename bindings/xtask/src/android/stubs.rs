//! Stub libraries: what a library for Android is linked against. They export bionic's symbols and contain no code.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::path::{Path, PathBuf};

use super::abi::{Abi, MIN_SDK};
use super::bionic::{self, Symbol};
use crate::shell::{Result, Shell};
use crate::zig::Zig;

/// Builds the stubs of all libraries of an ABI, and returns their folder.
pub fn build(shell: &Shell, zig: &Zig, linker: &Path, abi: &Abi) -> Result<PathBuf> {
    let folder = shell.root.join("target/android/stubs").join(abi.name);
    crate::files::recreate(&folder)?;
    for library in bionic::LIBRARIES {
        let symbols = bionic::symbols(&shell.root, library, abi.bionic_arch, MIN_SDK)?;
        let file = |ending: &str| folder.join(format!("{library}.{ending}"));
        std::fs::write(file("s"), assembly(&symbols))?;
        std::fs::write(file("map"), version_script(&symbols))?;
        let mut assemble = zig.command(shell, "cc");
        assemble.args(["-target", &format!("{}-freestanding", abi.zig_arch), "-c", "-o"]);
        shell.run(assemble.arg(file("o")).arg(file("s")))?;
        let mut link = shell.command(linker);
        link.args(["-flavor", "gnu", "-shared", "-soname", &format!("{library}.so"), "--version-script"]);
        shell.run(link.arg(file("map")).arg("-o").arg(file("so")).arg(file("o")))?;
    }
    Ok(folder)
}

/// Assembly that defines the symbols. Only their names, versions and kinds matter.
fn assembly(symbols: &[Symbol]) -> String {
    let mut text = String::new();
    for Symbol { name, is_variable, .. } in symbols {
        let (section, kind) = if *is_variable { (".data", "%object") } else { (".text", "%function") };
        let _ =
            writeln!(text, "{section}\n.globl {name}\n.type {name},{kind}\n{name}: .long 0\n.size {name},4");
    }
    text
}

fn version_script(symbols: &[Symbol]) -> String {
    let mut versions: BTreeMap<&str, Vec<&str>> = BTreeMap::new();
    for symbol in symbols {
        versions.entry(&symbol.version).or_default().push(&symbol.name);
    }
    let block =
        |(version, names): (&str, Vec<&str>)| format!("{version} {{ global: {}; }};\n", names.join("; "));
    versions.into_iter().map(block).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn stubs_define_each_symbol_with_its_version() {
        let symbol = |name: &str, version: &str, is_variable| Symbol {
            name: name.to_owned(),
            version: version.to_owned(),
            is_variable,
        };
        let symbols =
            [symbol("open", "LIBC", false), symbol("read", "LIBC", false), symbol("environ", "LIBC_N", true)];
        assert_eq!(version_script(&symbols), "LIBC { global: open; read; };\nLIBC_N { global: environ; };\n");
        let text = assembly(&symbols[1..]);
        assert!(text.contains(".text\n.globl read\n.type read,%function\nread:"), "{text}");
        assert!(text.contains(".data\n.globl environ\n.type environ,%object\n"), "{text}");
    }
}
