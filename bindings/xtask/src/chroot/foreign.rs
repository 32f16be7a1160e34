//! The files of Debian for another processor, for QEMU's user emulation. Nothing in them is configured.

use std::path::Path;

use super::{ARCHIVES, Contents, debootstrap};
use crate::files;
use crate::shell::{Result, Shell};

/// Unpacks the packages for a processor into a folder, unless it exists.
pub fn unpack(shell: &Shell, root: &Path, architecture: &str, contents: &Contents<'_>) -> Result {
    // The folder gets this name after it is complete.
    if root.is_dir() {
        return Ok(());
    }
    let unfinished = root.with_extension("unfinished");
    let download = ["--foreign", "--arch", architecture];
    debootstrap(shell, root, &unfinished, contents, &download)?;
    // It unpacks only the packages that every system has. Their scripts, which configure them, are for the other processor.
    let archives = unfinished.join(ARCHIVES);
    for package in files::ending_in(&archives, ".deb")? {
        shell.run(shell.command("dpkg-deb").arg("--extract").arg(package).arg(&unfinished))?;
    }
    files::remove(&archives)?;
    Ok(std::fs::rename(&unfinished, root)?)
}
