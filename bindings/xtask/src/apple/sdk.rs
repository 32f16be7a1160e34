//! What of Apple's SDK the linker reads: lists of the functions of libraries. That of libSystem is zig's, which names macOS,
//! and those of two frameworks are ours.

use std::collections::BTreeSet;
use std::path::Path;

use crate::shell::{Result, Shell};
use crate::zig::Zig;

/// The frameworks that the library uses.
pub const FRAMEWORKS: [&str; 2] = ["CoreFoundation", "Security"];

/// The names of libSystem in programs: Rust's standard library links each.
const SYSTEM: [&str; 3] = ["System", "c", "m"];

/// Writes the lists for a target of the linker, such as `arm64-ios`.
pub fn write(shell: &Shell, zig: &Zig, target: &str, to: &Path) -> Result {
    let read = |path: &Path| std::fs::read_to_string(path).map_err(|e| format!("{}: {e}", path.display()));
    let libraries = to.join("usr/lib");
    std::fs::create_dir_all(&libraries)?;
    let text = read(&zig.sources(shell)?.join("libc/darwin/libSystem.tbd"))?;
    for name in SYSTEM {
        let list = list(target, "/usr/lib/libSystem.B.dylib", &symbols(&text));
        std::fs::write(libraries.join(format!("lib{name}.tbd")), list)?;
    }
    // Linked by the crate `libc`, and not used.
    let unused = list(target, "/usr/lib/libiconv.2.dylib", &BTreeSet::from(["_iconv"]));
    std::fs::write(libraries.join("libiconv.tbd"), unused)?;
    for name in FRAMEWORKS {
        let folder = format!("System/Library/Frameworks/{name}.framework");
        let text = read(&super::sdk(shell).join(&folder).join(format!("{name}.tbd")))?;
        std::fs::create_dir_all(to.join(&folder))?;
        let list = list(target, install_name(&text)?, &symbols(&text));
        std::fs::write(to.join(&folder).join(format!("{name}.tbd")), list)?;
    }
    Ok(())
}

fn install_name(text: &str) -> Result<&str> {
    let line = text.lines().find_map(|line| line.strip_prefix("install-name: "));
    Ok(line.ok_or("a list has no install name")?.trim_matches('\''))
}

/// All symbols that a list names, for any processor.
fn symbols(text: &str) -> BTreeSet<&str> {
    let mut found = BTreeSet::new();
    // Lists are in brackets, after their name.
    for block in text.split("symbols:").skip(1) {
        let Some((_, block)) = block.split_once('[') else { continue };
        let names = block.split(']').next().unwrap_or_default().split(',');
        found.extend(names.map(|name| name.trim().trim_matches('\'')).filter(|name| !name.is_empty()));
    }
    found
}

/// A list in the format of Apple's linker.
fn list(target: &str, install_name: &str, symbols: &BTreeSet<&str>) -> String {
    let names: Vec<_> = symbols.iter().map(|name| format!("'{name}'")).collect();
    format!(
        "--- !tapi-tbd\ntbd-version: 4\ntargets: [ {target} ]\ninstall-name: '{install_name}'\nexports:\n  - targets: [ \
         {target} ]\n    symbols: [ {} ]\n...\n",
        names.join(", ")
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn symbols_of_all_lists_are_read() {
        let text = "exports:\n  - targets: [ x86_64-macos ]\n    symbols: [ 'R8$_close', _a,\n  _b ]\n    \
                    weak-symbols: [ __c ]\n";
        assert_eq!(symbols(text), BTreeSet::from(["R8$_close", "_a", "_b", "__c"]));
        let list = list("arm64-ios", "/usr/lib/x.dylib", &BTreeSet::from(["_a"]));
        assert!(list.contains("targets: [ arm64-ios ]\n    symbols: [ '_a' ]"), "{list}");
    }
}
