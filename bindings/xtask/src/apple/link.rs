//! Links a library with everything in an archive, so that no symbol is missing or defined twice.

use std::path::Path;

use super::sdk::{self, FRAMEWORKS};
use super::slice::{System, Target};
use crate::dist;
use crate::files;
use crate::shell::{Result, Shell};
use crate::zig::Zig;

/// Fails unless the whole archive links for the oldest supported system.
pub fn check(shell: &Shell, zig: &Zig, system: &System, target: &Target, archive: &Path) -> Result {
    let folder = shell.root.join("target/apple/link").join(target.rust);
    files::recreate(&folder)?;
    let sdk = folder.join("sdk");
    sdk::write(shell, zig, &format!("{}-{}", target.arch, system.linker), &sdk)?;
    let mut link = shell.command(dist::rust_tool(shell, "rust-lld")?);
    link.args(["-flavor", "darwin", "-arch", target.arch, "-platform_version", system.linker]);
    link.args([system.oldest, system.oldest, "-syslibroot"]).arg(sdk);
    // Every member, without what the bindings do not reach: constants that only some systems have.
    link.args(["-dylib", "-all_load", "-dead_strip"]);
    for functions in ["_uniffi_*", "_ffi_*"] {
        link.args(["-exported_symbol", functions]);
    }
    link.arg("-o").arg(folder.join("library.dylib")).arg(archive).arg("-lSystem");
    for framework in FRAMEWORKS {
        link.args(["-framework", framework]);
    }
    shell.run(&mut link)
}
